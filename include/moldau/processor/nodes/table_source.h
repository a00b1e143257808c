#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/table_node.h"

namespace moldau::inline v0::processor {

// table() and to_table(): records become rows. Offset order wins: an update with an older timestamp
// is applied as well, unless the rows are versioned: then it changes history. A record without a
// key is dropped, one without a value deletes the row.
template <class K, class V>
class TableSourceNode final : public TableNode<V, K, V> {
 public:
  struct Definition {
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    TableSettings table = {};
  };

  explicit TableSourceNode(const Definition& definition)
      : TableNode<V, K, V>(definition.table, definition.key_serde, definition.value_serde) {}

  void process(const Record<K, V>& record) override {
    if (absent(record.key_or_null())) {
      this->context().drop(*this, "it has no key, so it belongs to no row of the table");
      return;
    }
    const V* now = absent(record.value_or_null()) ? nullptr : record.value_or_null();
    if (!this->keeps_rows()) {
      this->hand_on(record, {.now = now, .before = nullptr, .latest = true}, record.timestamp());
      return;
    }
    this->turn_to(record.key());
    const V* before = nullptr;
    if (this->read_row()) {
      const Timestamp row = this->row_time();
      if (record.timestamp() < row && !this->has_history()) {
        out_of_order_.count(this->context(), *this, row, record.timestamp());
      }
      if (this->send_old_values()) {
        this->load_row(before_);
        before = &before_;
      }
    }
    this->store_row(record, now, before, record.timestamp());
  }

 private:
  V before_{};
  OutOfOrderReport out_of_order_;
};

}  // namespace moldau::inline v0::processor
