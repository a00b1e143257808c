#pragma once

#include "moldau/processor/nodes/window_table.h"

#include <memory>
#include <vector>

namespace moldau::inline v0::processor {

// count(), reduce() and aggregate() over windows that lie fixed on the time line: one row a key and
// window. A record goes into each of its windows that is still open. Records without a key are
// dropped; a null value is a value like any other.
template <class K, class V, class Fold>
class WindowAggregateNode final : public WindowTableNode<K, V, Fold> {
  using Base = WindowTableNode<K, V, Fold>;

 public:
  using typename Base::Definition;

  // REQUIRES: definition.windows is not null.
  explicit WindowAggregateNode(const Definition& definition)
      : Base(definition), windows_(definition.windows) {}

  void process(const Record<K, V>& record) override {
    if (absent(record.key_or_null())) {
      this->context().drop(*this, "it has no key");
      return;
    }
    windows_->assign(record.timestamp(), matched_);
    this->begin(record, matched_.empty() ? record.timestamp() : matched_.back().start);
    for (const Window& window : matched_) {
      if (this->clock().closed(window.end)) {
        this->drop_late();
      } else if (this->rows().get(this->key(), window.start, row_)) {
        this->add_record(record, window, row_.bytes(), this->format().time(row_));
      } else {
        this->add_record(record, window, std::nullopt, record.timestamp());
      }
    }
    this->end(record);
  }

 private:
  [[nodiscard]] Timestamp end_of(Timestamp start) const override { return windows_->end_of(start); }

  std::shared_ptr<const WindowAssigner> windows_;  // shared by the nodes of all tasks; immutable
  std::vector<Window> matched_;
  ByteBuffer row_;
};

}  // namespace moldau::inline v0::processor
