#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/table_node.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace moldau::inline v0::processor {

// A fold says how a total changes with a record. start() makes the total of a key that has none: it
// is the result if the fold starts_with_first_value, otherwise next() follows. next() moves a total
// on, or says false to delete it.

class CountFold {
 public:
  using Total = std::int64_t;
  static constexpr bool starts_with_first_value = false;

  template <class K, class V>
  static void start(const Record<K, V>& /*record*/, Total& total) {
    total = 0;
  }
  template <class K, class V>
  static bool next(const Record<K, V>& /*record*/, Total& total) {
    ++total;
    return true;
  }
};

// Moves `total` on by what `f` returns: a total, or an optional of one, whose nullopt deletes.
template <class F, class K, class V, class Total>
bool fold_with(F& f, const Record<K, V>& record, Total& total) {
  auto&& result = call<K, V>(f, record.key_or_null(), record.value_or_null(), std::move(total));
  if constexpr (std::convertible_to<decltype(result), Total>) {
    total = std::forward<decltype(result)>(result);
    return true;
  } else {
    if (!result) return false;
    total = *std::forward<decltype(result)>(result);
    return true;
  }
}

template <class V, class F>
class ReduceFold {
 public:
  using Total = V;
  static constexpr bool starts_with_first_value = true;

  explicit ReduceFold(F reducer) : reducer_(std::move(reducer)) {}

  template <class K>
  void start(const Record<K, V>& record, Total& total) {
    total = record.value();
  }
  template <class K>
  bool next(const Record<K, V>& record, Total& total) {
    return fold_with(reducer_, record, total);
  }

 private:
  F reducer_;
};

template <class Agg, class I, class F>
class AggregateFold {
 public:
  using Total = Agg;
  static constexpr bool starts_with_first_value = false;

  AggregateFold(I initializer, F aggregator)
      : initializer_(std::move(initializer)), aggregator_(std::move(aggregator)) {}

  template <class K, class V>
  void start(const Record<K, V>& /*record*/, Total& total) {
    total = initializer_();
  }
  template <class K, class V>
  bool next(const Record<K, V>& record, Total& total) {
    return fold_with(aggregator_, record, total);
  }

 private:
  I initializer_;
  F aggregator_;
};

// count(), reduce() and aggregate() of a grouped stream: one row a key. The time of a row never
// goes back. Records without a key or without a value are dropped.
template <class K, class V, class Fold>
class AggregateNode final : public TableNode<V, K, typename Fold::Total> {
  using Total = typename Fold::Total;

 public:
  struct Definition {
    Fold fold;
    AnySerde<K> key_serde;
    AnySerde<Total> value_serde;
    TableSettings table = {};
  };

  explicit AggregateNode(const Definition& definition)
      : TableNode<V, K, Total>(definition.table, definition.key_serde, definition.value_serde),
        fold_(definition.fold) {}

  void process(const Record<K, V>& record) override {
    if (absent(record.key_or_null()) || absent(record.value_or_null())) {
      this->context().drop(*this, "it has no key or no value");
      return;
    }
    this->turn_to(record.key());
    if (this->read_row()) {
      const Timestamp time = std::max(record.timestamp(), this->row_time());
      this->load_row(total_);
      if (this->send_old_values()) this->load_row(before_);
      finish(record, fold_.next(record, total_), &before_, time);
    } else {
      fold_.start(record, total_);
      if constexpr (Fold::starts_with_first_value) {
        finish(record, true, nullptr, record.timestamp());
      } else {
        // The reference hands the initial value on as the row before.
        const bool known = this->send_old_values() && copy_total();
        finish(record, fold_.next(record, total_), known ? &before_ : nullptr, record.timestamp(),
               known);
      }
    }
  }

 private:
  void finish(const Record<K, V>& record, bool alive, const Total* before, Timestamp time,
              bool before_is_start = false) {
    this->store_row(record, alive ? &total_ : nullptr, this->send_old_values() ? before : nullptr,
                    time, before_is_start);
  }

  // By its bytes: a total need not be copyable. False if it stands for null.
  bool copy_total() {
    copy_.clear();
    if (!this->value_serde().serialize(total_, copy_)) return false;
    this->value_serde().deserialize(copy_.bytes(), before_);
    return true;
  }

  Fold fold_;
  Total total_{};
  Total before_{};
  ByteBuffer copy_;
};

}  // namespace moldau::inline v0::processor
