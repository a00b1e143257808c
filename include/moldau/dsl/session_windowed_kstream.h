#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/windowed_aggregation.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/aggregate.h"
#include "moldau/processor/session_fold.h"

#include <concepts>
#include <cstdint>
#include <utility>

namespace moldau::inline v0 {

// A grouped stream cut into sessions: made by KGroupedStream::windowed_by(). Each aggregation has
// one row a key and session; its time is the session's end. A record that falls into sessions, or
// within the gap of some, makes one of them and itself: the rows of those sessions are deleted, and
// their totals merged by ascending end before the record is added.
//
// Records without a key are dropped and counted, as are records whose session would have closed
// already. A null value is a value like any other: a callable that takes `const V*` sees it.
template <class K, class V>
class SessionWindowedKStream {
 public:
  // When results are handed on.
  [[nodiscard]] SessionWindowedKStream emit_strategy(EmitStrategy strategy) const {
    SessionWindowedKStream stream = *this;
    stream.windows_.emit(strategy);
    return stream;
  }

  // The number of records of each key and session.
  KTable<Windowed<K>, std::int64_t> count() const { return count(Named{}); }
  KTable<Windowed<K>, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                          Named named = {}) const {
    return windows_.count(std::move(materialized), named);
  }
  template <std::same_as<Named> N>
  KTable<Windowed<K>, std::int64_t> count(N named) const {
    return windows_.count(named);
  }

  // As KGroupedStream::reduce(), for each session by itself. The reducer merges sessions too, so it
  // must be associative: `reducer(a, reducer(b, c))` is `reducer(reducer(a, b), c)`.
  template <class F>
  KTable<Windowed<K>, V> reduce(F reducer, Materialized<K, V> materialized = {},
                                Named named = {}) const {
    return windows_.reduce(std::move(reducer), std::move(materialized), named);
  }
  template <class F, std::same_as<Named> N>
  KTable<Windowed<K>, V> reduce(F reducer, N named) const {
    return reduce(std::move(reducer), Materialized<K, V>{}, std::move(named));
  }

  // As KGroupedStream::aggregate(), for each session by itself. Sessions that become one are
  // merged by `merger(total, other)` or `merger(key, total, other)`, starting with
  // `initializer()`. A merger that returns std::optional<Agg> forgets with std::nullopt what was
  // merged so far.
  template <class I, class F, class M, class Agg = processor::InitialOf<I>>
  KTable<Windowed<K>, Agg> aggregate(I initializer, F aggregator, M merger,
                                     Materialized<K, Agg> materialized = {},
                                     Named named = {}) const {
    static_assert(Initializer<I>, "aggregate() takes an initializer Agg() first");
    static_assert(
        !Initializer<I> || Aggregator<F, K, V, Agg>,
        "aggregate() takes an aggregator Agg(Agg, const V&) or Agg(Agg, const K&, const V&)");
    static_assert(!Initializer<I> || Merger<M, K, Agg>,
                  "aggregate() over sessions takes a merger Agg(Agg, const Agg&) or Agg(const K&, "
                  "Agg, const Agg&)");
    if constexpr (Initializer<I> && Aggregator<F, K, V, Agg> && Merger<M, K, Agg>) {
      return windows_.add(dsl::operators::aggregate, named, std::move(materialized),
                          processor::SessionAggregateFold<Agg, I, F, M>{
                              std::move(initializer), std::move(aggregator), std::move(merger)});
    } else {
      dsl::after_failed_assertion();
    }
  }
  template <class I, class F, class M, std::same_as<Named> N, class Agg = processor::InitialOf<I>>
  KTable<Windowed<K>, Agg> aggregate(I initializer, F aggregator, M merger, N named) const {
    return aggregate(std::move(initializer), std::move(aggregator), std::move(merger),
                     Materialized<K, Agg>{}, std::move(named));
  }

 private:
  template <class, class>
  friend class KGroupedStream;

  SessionWindowedKStream(dsl::GroupedHandle handle, dsl::WindowPlan plan, AnySerde<K> key_serde,
                         AnySerde<V> value_serde)
      : windows_(std::move(handle), std::move(plan), std::move(key_serde), std::move(value_serde)) {
  }

  dsl::WindowedAggregation<K, V, dsl::Sessions> windows_;
};

}  // namespace moldau::inline v0
