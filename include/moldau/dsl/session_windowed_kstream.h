#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/make_table.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/session_aggregate.h"
#include "moldau/processor/session_fold.h"
#include "moldau/serde/windowed.h"

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
    stream.plan_.final_results = strategy == EmitStrategy::on_window_close;
    return stream;
  }

  // The number of records of each key and session.
  KTable<Windowed<K>, std::int64_t> count() const { return count(Named{}); }
  KTable<Windowed<K>, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                          Named named = {}) const {
    inherit(materialized.key_serde);
    return finish(handle_.count(named, dsl::StoreOptions{materialized},
                                parts(processor::SessionCountFold{}, materialized), plan_),
                  materialized);
  }
  template <std::same_as<Named> N>
  KTable<Windowed<K>, std::int64_t> count(N named) const {
    return add(dsl::operators::aggregate, named, Materialized<K, std::int64_t>{},
               processor::SessionCountFold{});
  }

  // As KGroupedStream::reduce(), for each session by itself. The reducer merges sessions too, so it
  // must be associative: `reducer(a, reducer(b, c))` is `reducer(reducer(a, b), c)`.
  template <class F>
  KTable<Windowed<K>, V> reduce(F reducer, Materialized<K, V> materialized = {},
                                Named named = {}) const {
    static_assert(Aggregator<F, K, V, V>,
                  "reduce() takes V(V, const V&) or V(V, const K&, const V&)");
    if constexpr (Aggregator<F, K, V, V>) {
      materialized.value_serde = dsl::serde_or(materialized.value_serde, value_serde_);
      return add(dsl::operators::reduce, named, std::move(materialized),
                 processor::SessionReduceFold<V, F>{std::move(reducer)});
    } else {
      dsl::after_failed_assertion();
    }
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
      return add(dsl::operators::aggregate, named, std::move(materialized),
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
      : handle_(std::move(handle)),
        plan_(std::move(plan)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  void inherit(AnySerde<K>& key_serde) const { key_serde = dsl::serde_or(key_serde, key_serde_); }

  template <class Fold, class Total>
  dsl::TableParts parts(Fold fold, const Materialized<K, Total>& materialized) const {
    static_assert(std::default_initializable<Total>,
                  "the total of an aggregation must be default-constructible");
    return dsl::table_parts<processor::SessionAggregateNode<K, V, Fold>>(
        {std::move(fold), plan_.times_kept(materialized.retention), plan_.gap, plan_.final_results,
         materialized.key_serde, materialized.value_serde});
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
  static KTable<Windowed<K>, Total> finish(dsl::TableHandle handle,
                                           const Materialized<K, Total>& materialized) {
    return dsl::MakeTable::from<Windowed<K>, Total>(
        std::move(handle), session_windowed_serde<K>(materialized.key_serde),
        materialized.value_serde);
  }

  dsl::GroupedHandle handle_;
  dsl::WindowPlan plan_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0
