#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/windowed_aggregation.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/aggregate.h"

#include <concepts>
#include <cstdint>
#include <utility>

namespace moldau::inline v0 {

// A grouped stream cut into windows: made by KGroupedStream::windowed_by(). Each aggregation has
// one row a key and window. The time of a row is the highest among its records.
//
// Records without a key are dropped and counted, as are records that are late for all of their
// windows, once for each. A null value is a value like any other in time windows: a callable that
// takes `const V*` sees it. Sliding windows drop it.
//
// Materialized::retention says how long windows can be looked up; least and default is as long as
// they can still change.
template <class K, class V, class Kind>
class WindowedKStream {
 public:
  // When results are handed on. on_window_close is for TimeWindows and SlidingWindows.
  [[nodiscard]] WindowedKStream emit_strategy(EmitStrategy strategy) const {
    WindowedKStream stream = *this;
    stream.windows_.emit(strategy);
    return stream;
  }

  // The number of records of each key and window.
  KTable<Windowed<K>, std::int64_t> count() const { return count(Named{}); }
  KTable<Windowed<K>, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                          Named named = {}) const {
    return windows_.count(std::move(materialized), named);
  }
  template <std::same_as<Named> N>
  KTable<Windowed<K>, std::int64_t> count(N named) const {
    return windows_.count(named);
  }

  // As KGroupedStream::reduce(), for each window by itself.
  template <class F>
  KTable<Windowed<K>, V> reduce(F reducer, Materialized<K, V> materialized = {},
                                Named named = {}) const {
    return windows_.reduce(std::move(reducer), std::move(materialized), named);
  }
  template <class F, std::same_as<Named> N>
  KTable<Windowed<K>, V> reduce(F reducer, N named) const {
    return reduce(std::move(reducer), Materialized<K, V>{}, std::move(named));
  }

  // As KGroupedStream::aggregate(), for each window by itself.
  template <class I, class F, class Agg = processor::InitialOf<I>>
  KTable<Windowed<K>, Agg> aggregate(I initializer, F aggregator,
                                     Materialized<K, Agg> materialized = {},
                                     Named named = {}) const {
    static_assert(Initializer<I>, "aggregate() takes an initializer Agg() first");
    static_assert(
        !Initializer<I> || Aggregator<F, K, V, Agg>,
        "aggregate() takes an aggregator Agg(Agg, const V&) or Agg(Agg, const K&, const V&)");
    if constexpr (Initializer<I> && Aggregator<F, K, V, Agg>) {
      return windows_.add(
          dsl::operators::aggregate, named, std::move(materialized),
          processor::AggregateFold<Agg, I, F>{std::move(initializer), std::move(aggregator)});
    } else {
      dsl::after_failed_assertion();
    }
  }
  template <class I, class F, std::same_as<Named> N, class Agg = processor::InitialOf<I>>
  KTable<Windowed<K>, Agg> aggregate(I initializer, F aggregator, N named) const {
    return aggregate(std::move(initializer), std::move(aggregator), Materialized<K, Agg>{},
                     std::move(named));
  }

 private:
  template <class, class>
  friend class KGroupedStream;

  WindowedKStream(dsl::GroupedHandle handle, dsl::WindowPlan plan, AnySerde<K> key_serde,
                  AnySerde<V> value_serde)
      : windows_(std::move(handle), std::move(plan), std::move(key_serde), std::move(value_serde)) {
  }

  dsl::WindowedAggregation<K, V, Kind> windows_;
};

// Over TimeWindows, UnlimitedWindows and windows of the user's own.
template <class K, class V>
using TimeWindowedKStream = WindowedKStream<K, V, dsl::FixedWindows>;
template <class K, class V>
using SlidingWindowedKStream = WindowedKStream<K, V, dsl::SlidingRows>;

}  // namespace moldau::inline v0
