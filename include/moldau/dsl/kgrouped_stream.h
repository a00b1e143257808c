#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/session_windowed_kstream.h"
#include "moldau/dsl/windowed_kstream.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/aggregate.h"

#include <concepts>
#include <cstdint>
#include <utility>

namespace moldau::inline v0 {

// A stream whose records of one key are together: made by KStream::group_by_key() and group_by().
// Each aggregation has one row a key, whose time is the highest among its records; records without
// a key or a value are dropped and counted.
//
// `{.name = ...}` names the store, Named the operator.
template <class K, class V>
class KGroupedStream {
 public:
  // The number of records of each key.
  KTable<K, std::int64_t> count() const { return count(Named{}); }
  KTable<K, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                Named named = {}) const {
    inherit(materialized.key_serde);
    return finish(handle_.count(named, dsl::StoreOptions{materialized},
                                parts(processor::CountFold{}, materialized)),
                  materialized);
  }
  template <std::same_as<Named> N>
  KTable<K, std::int64_t> count(N named) const {
    return add(dsl::operators::aggregate, named, Materialized<K, std::int64_t>{},
               processor::CountFold{});
  }

  // Combines the values of each key: the first is the total, and each further one makes it
  // `reducer(total, value)` or `reducer(total, key, value)`. A reducer that returns
  // std::optional<V> deletes the row with std::nullopt; the next value then is a first one. The
  // total is moved into the call: take it by value.
  template <class F>
  KTable<K, V> reduce(F reducer, Materialized<K, V> materialized = {}, Named named = {}) const {
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

  // Folds the values of each key into a total of another type: it starts as `initializer()`, and
  // each value makes it `aggregator(total, value)` or `aggregator(total, key, value)`. An
  // aggregator that returns std::optional<Agg> deletes the row with std::nullopt; the next value
  // starts afresh. The total is moved into the call: take it by value.
  template <class I, class F, class Agg = processor::InitialOf<I>>
  KTable<K, Agg> aggregate(I initializer, F aggregator, Materialized<K, Agg> materialized = {},
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

  // Cuts the stream into windows: TimeWindows, SlidingWindows, SessionWindows, UnlimitedWindows, or
  // windows of your own (CustomWindows).
  template <class W>
  auto windowed_by(const W& windows) const {
    static_assert(WindowsSpec<W>,
                  "windowed_by() takes TimeWindows, SlidingWindows, SessionWindows, "
                  "UnlimitedWindows, or windows of your own with windows_for(Timestamp), size() "
                  "and grace()");
    static_assert(std::copyable<K>, "windowed_by() needs keys that can be copied");
    if constexpr (std::same_as<W, SessionWindows>) {
      return SessionWindowedKStream<K, V>{handle_, dsl::plan_windows(windows), key_serde_,
                                          value_serde_};
    } else if constexpr (std::same_as<W, SlidingWindows>) {
      return SlidingWindowedKStream<K, V>{handle_, dsl::plan_windows(windows), key_serde_,
                                          value_serde_};
    } else if constexpr (WindowsSpec<W>) {
      return TimeWindowedKStream<K, V>{handle_, dsl::plan_windows(windows), key_serde_,
                                       value_serde_};
    } else {
      return *this;
    }
  }

  // Starts to fold this stream and others, whose values may have other types, into one total for
  // each key: `g1.cogroup<Basket>(add_item).cogroup(g2, add_coupon).aggregate(empty_basket)`. Each
  // value makes a total `aggregator(total, value)` or `aggregator(total, key, value)`; the total is
  // moved into the call. See CogroupedKStream.
  template <class Agg, class F>
  CogroupedKStream<K, Agg> cogroup(F aggregator) const {
    static_assert(std::default_initializable<Agg>,
                  "the total of an aggregation must be default-constructible");
    return CogroupedKStream<K, Agg>{key_serde_}.cogroup(*this, std::move(aggregator));
  }

 private:
  template <class, class>
  friend class KStream;
  template <class, class>
  friend class CogroupedKStream;

  KGroupedStream(dsl::GroupedHandle handle, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : handle_(std::move(handle)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  void inherit(AnySerde<K>& key_serde) const { key_serde = dsl::serde_or(key_serde, key_serde_); }

  template <class Fold, class Total>
  static dsl::TableParts parts(Fold fold, const Materialized<K, Total>& materialized) {
    static_assert(std::default_initializable<Total>,
                  "the total of an aggregation must be default-constructible");
    return dsl::table_parts<processor::AggregateNode<K, V, Fold>>(
        {std::move(fold), materialized.key_serde, materialized.value_serde});
  }

  template <class Fold, class Total>
  KTable<K, Total> add(const dsl::Operator& op, const Named& named,
                       Materialized<K, Total> materialized, Fold fold) const {
    inherit(materialized.key_serde);
    return finish(handle_.aggregate(op, named, dsl::StoreOptions{materialized},
                                    parts(std::move(fold), materialized)),
                  materialized);
  }

  template <class Total>
  static KTable<K, Total> finish(dsl::TableHandle handle,
                                 const Materialized<K, Total>& materialized) {
    return {std::move(handle), materialized.key_serde, materialized.value_serde};
  }

  dsl::GroupedHandle handle_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0

#include "moldau/dsl/cogrouped_kstream.h"  // result of cogroup()
