#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/table_node.h"

namespace moldau::inline v0::processor {

// filter() and filter_not() of a table: a row that does not pass is a deleted row. Whether deletes
// of rows that never passed are left out depends on the old values: features.md section 7.
template <class K, class V, class F>
class TableFilterNode final : public TableNode<Change<V>, K, V> {
 public:
  struct Definition {
    F predicate;
    bool wanted = true;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    TableSettings table = {};
  };

  explicit TableFilterNode(const Definition& definition)
      : TableNode<Change<V>, K, V>(definition.table, definition.key_serde, definition.value_serde),
        predicate_(definition.predicate),
        wanted_(definition.wanted) {}

  void init(TaskContext& context) override {
    TableNode<Change<V>, K, V>::init(context);
    above_ = dynamic_cast<ReadableTable<K, V>*>(&context.node(this->parent()));
  }

  bool read(const K& key, V& value, Timestamp& time) override {
    if (this->keeps_rows()) return TableNode<Change<V>, K, V>::read(key, value, time);
    return above_->read(key, value, time) && passing(key, &value) != nullptr;
  }
  [[nodiscard]] bool can_be_read() const override {
    return this->keeps_rows() || (above_ != nullptr && above_->can_be_read());
  }

  void process(const Record<K, Change<V>>& record) override {
    const K& key = record.key();
    const Change<V>& change = record.value();
    if (this->keeps_rows()) this->turn_to(key);
    const V* now = passing(key, change.now);
    const V* before = this->send_old_values() ? row_before(key, change) : nullptr;
    if (this->send_old_values() && before == nullptr && now == nullptr) return;
    if (this->keeps_rows()) {
      this->store_row(record, now, before, record.timestamp());
    } else {
      this->hand_on(record, {.now = now, .before = before, .latest = change.latest},
                    record.timestamp());
    }
  }

 private:
  const V* passing(const K& key, const V* value) {
    if (value == nullptr) return nullptr;
    return static_cast<bool>(call<K, V>(predicate_, &key, value)) == wanted_ ? value : nullptr;
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
  ReadableTable<K, V>* above_ = nullptr;
};

}  // namespace moldau::inline v0::processor
