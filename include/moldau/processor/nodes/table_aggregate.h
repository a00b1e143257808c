#pragma once

#include "moldau/processor/nodes/aggregate.h"
#include "moldau/processor/nodes/table_node.h"
#include "moldau/processor/regrouped_change.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace moldau::inline v0::processor {

// How a total changes when a value leaves its group: next() of a fold, without a start.

class CountDown {
 public:
  template <class K, class V>
  static bool next(const Record<K, V>& /*record*/, std::int64_t& total) {
    --total;
    return true;
  }
};

template <class F>
class Subtract {
 public:
  explicit Subtract(F subtractor) : subtractor_(std::move(subtractor)) {}

  template <class K, class V, class Total>
  bool next(const Record<K, V>& record, Total& total) {
    return fold_with(subtractor_, record, total);
  }

 private:
  F subtractor_;
};

// count(), reduce() and aggregate() of a regrouped table: one row a group. What a row was is taken
// from the total before what it is now is added. Nothing is taken from a group that has no total.
// The time of a row never goes back.
template <class K, class V, class Fold, class Unfold>
class TableAggregateNode final : public TableNode<RegroupedChange<V>, K, typename Fold::Total> {
  using Total = typename Fold::Total;

 public:
  struct Definition {
    Fold add;
    Unfold subtract;
    AnySerde<K> key_serde;
    AnySerde<Total> value_serde;
    TableSettings table = {};
  };

  explicit TableAggregateNode(const Definition& definition)
      : TableNode<RegroupedChange<V>, K, Total>(definition.table, definition.key_serde,
                                                definition.value_serde),
        add_(definition.add),
        subtract_(definition.subtract) {}

  void process(const Record<K, RegroupedChange<V>>& record) override {
    const RegroupedChange<V>& change = record.value();
    Timestamp time = record.timestamp();
    const Total* before = nullptr;
    this->turn_to(record.key());
    bool alive = this->read_row();
    if (alive) {
      time = std::max(time, this->row_time());
      this->load_row(total_);
      if (this->send_old_values()) {
        this->load_row(before_);
        before = &before_;
      }
      if (change.has_before) alive = subtract_.next(record.with_value(change.before), total_);
    }
    if (change.has_now) alive = add(record.with_value(change.now), alive);
    this->store_row(record, alive ? &total_ : nullptr, before, time);
  }

 private:
  bool add(const Record<K, V>& record, bool alive) {
    if (!alive) {
      add_.start(record, total_);
      if constexpr (Fold::starts_with_first_value) return true;
    }
    return add_.next(record, total_);
  }

  Fold add_;
  Unfold subtract_;
  Total total_{};
  Total before_{};
};

}  // namespace moldau::inline v0::processor
