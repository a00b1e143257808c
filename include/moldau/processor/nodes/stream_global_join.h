#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/global_table_view.h"
#include "moldau/processor/joiners.h"
#include "moldau/processor/node.h"

namespace moldau::inline v0::processor {

// join() and left_join() of a stream with a global table: `select` says which row belongs to a
// record. It is asked for every record, also for those without a key or a value.
template <JoinKind kind, class K, class V, class KG, class VG, class S, class F>
class StreamGlobalJoinNode final
    : public ProcessorNode<K, V, K, Emitted<JoinResult<kind, F, K, V, VG>>> {
  using Out = Emitted<JoinResult<kind, F, K, V, VG>>;

 public:
  struct Definition {
    S select;
    F joiner;
    GlobalTableView<KG, VG> table;
  };

  explicit StreamGlobalJoinNode(const Definition& definition)
      : select_(definition.select), joiner_(definition.joiner), table_(definition.table) {}

  void init(TaskContext& context) override {
    Node::init(context);
    table_.open(context);
  }

  void process(const Record<K, V>& record) override {
    const auto& selected = call(select_, record);
    const KG* key = pointer_to(selected);
    const bool no_key = absent(key);
    if (absent(record.value_or_null()) || (no_key && kind == JoinKind::inner)) {
      this->context().drop(*this, kind == JoinKind::inner
                                      ? "it has no value, or belongs to no row of the global table"
                                      : "it has no value, so it cannot be joined");
      return;
    }
    Timestamp since;
    const VG* row = !no_key && table_.read(*key, row_, since) ? &row_ : nullptr;
    if (row == nullptr && kind == JoinKind::inner) return;
    const auto& result =
        call_joiner<kind, K, V, VG>(joiner_, record.key_or_null(), record.value_or_null(), row);
    this->forward(record.with_value_or_null(pointer_to(result)));
  }

 private:
  S select_;
  F joiner_;
  GlobalTableView<KG, VG> table_;
  VG row_{};
};

}  // namespace moldau::inline v0::processor
