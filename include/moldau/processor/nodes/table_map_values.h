#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/derived_table_node.h"

namespace moldau::inline v0::processor {

// map_values() of a table. The mapper never sees a deleted row: it stays deleted.
template <class K, class V, class V2, class F>
class TableMapValuesNode final : public DerivedTableNode<V, K, V2> {
 public:
  struct Definition {
    F mapper;
    AnySerde<K> key_serde;
    AnySerde<V2> value_serde;
    TableSettings table = {};
  };

  explicit TableMapValuesNode(const Definition& definition)
      : DerivedTableNode<V, K, V2>(definition.table, definition.key_serde, definition.value_serde),
        mapper_(definition.mapper) {}

  void process(const Record<K, Change<V>>& record) override {
    const Change<V>& change = record.value();
    if (change.now == nullptr) {
      with_row_before(record, nullptr);
    } else {
      const auto& now = call<K, V>(mapper_, &record.key(), change.now);
      with_row_before(record, pointer_to(now));
    }
  }

 private:
  bool compute(const K& key, V* above, Timestamp /*time*/, V2& value) override {
    if (above == nullptr) return false;
    auto&& mapped = call<K, V>(mapper_, &key, above);
    if (pointer_to(mapped) == nullptr) return false;
    value = *pointer_to(mapped);
    return true;
  }

  void with_row_before(const Record<K, Change<V>>& record, const V2* now) {
    const Change<V>& change = record.value();
    if (this->keeps_rows()) {
      this->replace_row(record, now);
    } else if (this->send_old_values() && change.before != nullptr) {
      const auto& before = call<K, V>(mapper_, &record.key(), change.before);
      this->pass_on(record, now, pointer_to(before));
    } else {
      this->pass_on(record, now, nullptr);
    }
  }

  F mapper_;
};

}  // namespace moldau::inline v0::processor
