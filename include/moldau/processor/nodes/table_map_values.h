#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/table_node.h"

namespace moldau::inline v0::processor {

// map_values() of a table. The mapper never sees a deleted row: it stays deleted.
template <class K, class V, class V2, class F>
class TableMapValuesNode final : public TableNode<Change<V>, K, V2> {
 public:
  struct Definition {
    F mapper;
    AnySerde<K> key_serde;
    AnySerde<V2> value_serde;
    TableSettings table = {};
  };

  explicit TableMapValuesNode(const Definition& definition)
      : TableNode<Change<V>, K, V2>(definition.table, definition.key_serde, definition.value_serde),
        mapper_(definition.mapper) {}

  void init(TaskContext& context) override {
    TableNode<Change<V>, K, V2>::init(context);
    above_ = dynamic_cast<ReadableTable<K, V>*>(&context.node(this->parent()));
  }

  bool read(const K& key, V2& value, Timestamp& time) override {
    if (this->keeps_rows()) return TableNode<Change<V>, K, V2>::read(key, value, time);
    if (!above_->read(key, read_, time)) return false;
    auto&& mapped = call<K, V>(mapper_, &key, &read_);
    if (pointer_to(mapped) == nullptr) return false;
    value = *pointer_to(mapped);
    return true;
  }
  [[nodiscard]] bool can_be_read() const override {
    return this->keeps_rows() || (above_ != nullptr && above_->can_be_read());
  }

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
  void with_row_before(const Record<K, Change<V>>& record, const V2* now) {
    const Change<V>& change = record.value();
    if (this->keeps_rows()) {
      this->turn_to(record.key());
      const bool known = this->send_old_values() && this->read_row();
      if (known) this->load_row(before_);
      this->store_row(record, now, known ? &before_ : nullptr, record.timestamp());
    } else if (this->send_old_values() && change.before != nullptr) {
      const auto& before = call<K, V>(mapper_, &record.key(), change.before);
      emit(record, now, pointer_to(before));
    } else {
      emit(record, now, nullptr);
    }
  }

  void emit(const Record<K, Change<V>>& record, const V2* now, const V2* before) const {
    this->hand_on(record, {.now = now, .before = before, .latest = record.value().latest},
                  record.timestamp());
  }

  F mapper_;
  V2 before_{};
  V read_{};
  ReadableTable<K, V>* above_ = nullptr;
};

}  // namespace moldau::inline v0::processor
