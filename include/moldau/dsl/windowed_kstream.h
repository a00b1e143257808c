#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/make_table.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/aggregate.h"
#include "moldau/processor/nodes/sliding_aggregate.h"
#include "moldau/processor/nodes/window_aggregate.h"
#include "moldau/serde/windowed.h"

#include <concepts>
#include <cstdint>
#include <utility>

namespace moldau::inline v0 {

namespace dsl {

// The nodes of the two kinds of windows whose rows are found by their starts.
struct FixedWindows {
  template <class K, class V, class Fold>
  using Node = processor::WindowAggregateNode<K, V, Fold>;
};
struct SlidingRows {
  template <class K, class V, class Fold>
  using Node = processor::SlidingAggregateNode<K, V, Fold>;
};

}  // namespace dsl

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
    stream.plan_.final_results = strategy == EmitStrategy::on_window_close;
    return stream;
  }

  // The number of records of each key and window.
  KTable<Windowed<K>, std::int64_t> count() const { return count(Named{}); }
  KTable<Windowed<K>, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                          Named named = {}) const {
    inherit(materialized.key_serde);
    return finish(handle_.count(named, dsl::StoreOptions{materialized},
                                parts(processor::CountFold{}, materialized), plan_),
                  materialized);
  }
  template <std::same_as<Named> N>
  KTable<Windowed<K>, std::int64_t> count(N named) const {
    return add(dsl::operators::aggregate, named, Materialized<K, std::int64_t>{},
               processor::CountFold{});
  }

  // As KGroupedStream::reduce(), for each window by itself.
  template <class F>
  KTable<Windowed<K>, V> reduce(F reducer, Materialized<K, V> materialized = {},
                                Named named = {}) const {
    static_assert(Aggregator<F, K, V, V>,
                  "reduce() takes V(V, const V&) or V(V, const K&, const V&)");
    if constexpr (Aggregator<F, K, V, V>) {
      materialized.value_serde = dsl::serde_or(materialized.value_serde, value_serde_);
      return add(dsl::operators::reduce, named, std::move(materialized),
                 processor::ReduceFold<V, F>{std::move(reducer)});
    } else {
      dsl::after_failed_assertion();
    }
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
      return add(
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
      : handle_(std::move(handle)),
        plan_(std::move(plan)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  void inherit(AnySerde<K>& key_serde) const { key_serde = dsl::serde_or(key_serde, key_serde_); }

  template <class Fold, class Total>
  dsl::TableParts parts(Fold fold, const Materialized<K, Total>& materialized) const {
    static_assert(std::default_initializable<Total>,
                  "the total of an aggregation must be default-constructible");
    return dsl::table_parts<typename Kind::template Node<K, V, Fold>>(
        {std::move(fold), plan_.times_kept(materialized.retention), plan_.assigner,
         plan_.final_results, materialized.key_serde, materialized.value_serde});
  }

  template <class Fold, class Total>
  KTable<Windowed<K>, Total> add(const dsl::Operator& op, const Named& named,
                                 Materialized<K, Total> materialized, Fold fold) const {
    inherit(materialized.key_serde);
    return finish(handle_.aggregate(op, named, dsl::StoreOptions{materialized},
                                    parts(std::move(fold), materialized), plan_),
                  materialized);
  }

  template <class Total>
  KTable<Windowed<K>, Total> finish(dsl::TableHandle handle,
                                    const Materialized<K, Total>& materialized) const {
    return dsl::MakeTable::from<Windowed<K>, Total>(
        std::move(handle), time_windowed_serde<K>(plan_.times.length, materialized.key_serde),
        materialized.value_serde);
  }

  dsl::GroupedHandle handle_;
  dsl::WindowPlan plan_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

// Over TimeWindows, UnlimitedWindows and windows of the user's own.
template <class K, class V>
using TimeWindowedKStream = WindowedKStream<K, V, dsl::FixedWindows>;
template <class K, class V>
using SlidingWindowedKStream = WindowedKStream<K, V, dsl::SlidingRows>;

}  // namespace moldau::inline v0
