#pragma once

#include "moldau/processor/nodes/window_table.h"
#include "moldau/processor/sliding_plan.h"

namespace moldau::inline v0::processor {

// count(), reduce() and aggregate() over sliding windows: one row for each set of records of a key
// that lie close together. Records without a key or without a value are dropped.
template <class K, class V, class Fold>
class SlidingAggregateNode final : public WindowTableNode<K, V, Fold> {
  using Base = WindowTableNode<K, V, Fold>;

 public:
  using typename Base::Definition;

  explicit SlidingAggregateNode(const Definition& definition)
      : Base(definition), difference_(definition.times.length), plan_(difference_) {}

  void process(const Record<K, V>& record) override {
    if (absent(record.key_or_null()) || absent(record.value_or_null())) {
      this->context().drop(*this, "it has no key or no value");
      return;
    }
    const Timestamp time = record.timestamp();
    this->begin(record, saturating_add(time, Timestamp::duration{1}));
    if (this->clock().closed(end_of(time))) {
      this->drop_late();
      return;
    }
    for (const SlidingPlan::Step& step : plan_.make(this->rows(), this->key(), time)) {
      take(record, step);
    }
    // The reference looks for closed windows after other records only.
    if (time >= Timestamp{0} + difference_) this->end(record);
  }

 private:
  void take(const Record<K, V>& record, const SlidingPlan::Step& step) {
    const Window window{.start = step.start, .end = end_of(step.start)};
    if (!step.adds_record) {
      this->take_over(record, window, plan_.row(*step.base), step.base->time);
    } else if (this->clock().closed(window.end)) {
      this->drop_late();
    } else if (step.base) {
      this->add_record(record, window, plan_.row(*step.base), step.base->time, step.is_new);
    } else {
      this->add_record(record, window, std::nullopt, record.timestamp());
    }
  }

  [[nodiscard]] Timestamp end_of(Timestamp start) const override {
    return saturating_add(start, difference_);
  }

  std::chrono::milliseconds difference_;
  SlidingPlan plan_;
};

}  // namespace moldau::inline v0::processor
