#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/derived_table_node.h"

namespace moldau::inline v0::processor {

// filter() and filter_not() of a table: a row that does not pass is a deleted row. Whether deletes
// of rows that never passed are left out depends on the old values. The reference does so too.
template <class K, class V, class F>
class TableFilterNode final : public DerivedTableNode<V, K, V> {
 public:
  struct Definition {
    F predicate;
    bool wanted = true;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    TableSettings table = {};
  };

  explicit TableFilterNode(const Definition& definition)
      : DerivedTableNode<V, K, V>(definition.table, definition.key_serde, definition.value_serde),
        predicate_(definition.predicate),
        wanted_(definition.wanted) {}

  void process(const Record<K, Change<V>>& record) override {
    const K& key = record.key();
    const Change<V>& change = record.value();
    if (this->keeps_rows()) this->turn_to(key);
    const V* now = passing(key, change.now);
    const V* before = this->send_old_values() ? row_before(key, change) : nullptr;
    // History may have changed all the same where the current row has not.
    if (this->send_old_values() && before == nullptr && now == nullptr &&
        !this->above_has_history()) {
      return;
    }
    if (this->keeps_rows()) {
      this->store_row(record, now, before, record.timestamp());
    } else {
      this->pass_on(record, now, before);
    }
  }

 private:
  const V* passing(const K& key, const V* value) {
    if (value == nullptr) return nullptr;
    return static_cast<bool>(call<K, V>(predicate_, &key, value)) == wanted_ ? value : nullptr;
  }

  bool compute(const K& key, V* above, Timestamp /*time*/, V& value) override {
    if (passing(key, above) == nullptr) return false;
    value = std::move(*above);
    return true;
  }

  const V* row_before(const K& key, const Change<V>& change) {
    if (!this->keeps_rows()) return passing(key, change.before);
    if (!this->read_row()) return nullptr;
    this->load_row(before_);
    return &before_;
  }

  F predicate_;
  bool wanted_;
  V before_{};
};

}  // namespace moldau::inline v0::processor
