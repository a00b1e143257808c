#pragma once

#include "moldau/processor/nodes/table_node.h"

#include <utility>

namespace moldau::inline v0::processor {

// What nodes have in common that compute each row from the row of the same key in the table above.
// If the rows are not kept they can be looked up all the same: by computing them from the nearest
// table above that keeps its own.
template <class VAbove, class K, class V>
class DerivedTableNode : public TableNode<Change<VAbove>, K, V> {
  using Base = TableNode<Change<VAbove>, K, V>;

 public:
  void init(TaskContext& context) override {
    Base::init(context);
    Node& above = context.node(this->parent());
    above_ = dynamic_cast<ReadableTable<K, VAbove>*>(&above);
    history_above_ = dynamic_cast<VersionedTable<K, VAbove>*>(&above);
  }

  bool read(const K& key, V& value, Timestamp& time) final {
    if (this->keeps_rows()) return Base::read(key, value, time);
    return computed(above_->read(key, looked_up_, time), key, value, time);
  }
  [[nodiscard]] bool can_be_read() const final {
    return this->keeps_rows() || (above_ != nullptr && above_->can_be_read());
  }

  bool read_at(const K& key, Timestamp at, V& value, Timestamp& time) final {
    if (this->keeps_rows()) return Base::read_at(key, at, value, time);
    return computed(history_above_->read_at(key, at, looked_up_, time), key, value, time);
  }
  [[nodiscard]] bool has_history() const final {
    return this->keeps_rows() ? Base::has_history() : above_has_history();
  }

 protected:
  using Base::Base;

  // True if out-of-order changes may come from above.
  [[nodiscard]] bool above_has_history() const {
    return history_above_ != nullptr && history_above_->has_history();
  }

  // Stores the row (null: deletes it) and hands the change on, with the row before if something
  // below asked for it. REQUIRES: keeps_rows().
  void replace_row(const Record<K, Change<VAbove>>& record, const V* now) {
    this->turn_to(record.key());
    const bool known = this->send_old_values() && this->read_row();
    if (known) this->load_row(replaced_);
    this->store_row(record, now, known ? &replaced_ : nullptr, record.timestamp());
  }

  // Hands a change on that is not stored.
  void pass_on(const Record<K, Change<VAbove>>& record, const V* now, const V* before) const {
    this->hand_on(record, record.value().with(now, before), record.timestamp());
  }

 private:
  // Computes the row that belongs to a row above, which may be moved from; null if that has none.
  // False if there is none here.
  virtual bool compute(const K& key, VAbove* above, Timestamp time, V& value) = 0;

  bool computed(bool found_above, const K& key, V& value, Timestamp& time) {
    if (!found_above) time = Timestamp::unknown();
    return compute(key, found_above ? &looked_up_ : nullptr, time, value);
  }

  VAbove looked_up_{};
  V replaced_{};
  ReadableTable<K, VAbove>* above_ = nullptr;
  VersionedTable<K, VAbove>* history_above_ = nullptr;
};

}  // namespace moldau::inline v0::processor
