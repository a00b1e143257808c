#pragma once

#include "moldau/dsl/grouped_table_handle.h"
#include "moldau/dsl/handles.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/table_aggregate.h"

#include <concepts>
#include <cstdint>
#include <utility>

namespace moldau::inline v0 {

// A table whose rows are brought together in groups: made by KTable::group_by(). An aggregation has
// one row a group, and follows the rows as they come into a group, change and leave it: what a row
// was is taken from the total, what it is now is added. So whatever an aggregation adds it must be
// able to take away again.
//
// Takes a repartition topic always, because the rows of a group lie in different partitions. A
// group's row stays when the last row has left it: a count is 0 then.
//
// `{.name = ...}` names the store, Named the operator.
template <class K, class V>
class KGroupedTable {
 public:
  // The number of rows of each group.
  KTable<K, std::int64_t> count() const { return count(Materialized<K, std::int64_t>{}); }
  KTable<K, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                Named named = {}) const {
    return add(dsl::operators::regrouped_aggregate, named, std::move(materialized),
               processor::CountFold{}, processor::CountDown{});
  }
  template <std::same_as<Named> N>
  KTable<K, std::int64_t> count(N named) const {
    return count(Materialized<K, std::int64_t>{}, std::move(named));
  }

  // Combines the values of each group: the first is the total, each further one makes it
  // `adder(total, value)`, and one that leaves makes it `subtractor(total, value)`; both may take
  // the key between. Either may return std::optional<V>, whose std::nullopt deletes the row; the
  // next value then is a first one. The total is moved into the calls: take it by value.
  template <class F, class G>
  KTable<K, V> reduce(F adder, G subtractor, Materialized<K, V> materialized = {},
                      Named named = {}) const {
    static_assert(Aggregator<F, K, V, V>,
                  "reduce() takes an adder V(V, const V&) or V(V, const K&, const V&)");
    static_assert(!Aggregator<F, K, V, V> || Aggregator<G, K, V, V>,
                  "reduce() takes a subtractor V(V, const V&) or V(V, const K&, const V&)");
    if constexpr (Aggregator<F, K, V, V> && Aggregator<G, K, V, V>) {
      materialized.value_serde = dsl::serde_or(materialized.value_serde, value_serde_);
      return add(dsl::operators::regrouped_reduce, named, std::move(materialized),
                 processor::ReduceFold<V, F>{std::move(adder)},
                 processor::Subtract<G>{std::move(subtractor)});
    } else {
      dsl::after_failed_assertion();
    }
  }

  // Folds the values of each group into a total of another type: it starts as `initializer()`, a
  // value that comes makes it `adder(total, value)`, one that leaves `subtractor(total, value)`;
  // both may take the key between. Either may return std::optional<Agg>, whose std::nullopt deletes
  // the row; the next value starts afresh. The total is moved into the calls: take it by value.
  template <class I, class F, class G, class Agg = processor::InitialOf<I>>
  KTable<K, Agg> aggregate(I initializer, F adder, G subtractor,
                           Materialized<K, Agg> materialized = {}, Named named = {}) const {
    static_assert(Initializer<I>, "aggregate() of a table takes an initializer Agg() first");
    static_assert(!Initializer<I> || Aggregator<F, K, V, Agg>,
                  "aggregate() takes an adder Agg(Agg, const V&) or Agg(Agg, const K&, const V&)");
    static_assert(
        !Initializer<I> || !Aggregator<F, K, V, Agg> || Aggregator<G, K, V, Agg>,
        "aggregate() takes a subtractor Agg(Agg, const V&) or Agg(Agg, const K&, const V&)");
    if constexpr (Initializer<I> && Aggregator<F, K, V, Agg> && Aggregator<G, K, V, Agg>) {
      return add(dsl::operators::regrouped_aggregate, named, std::move(materialized),
                 processor::AggregateFold<Agg, I, F>{std::move(initializer), std::move(adder)},
                 processor::Subtract<G>{std::move(subtractor)});
    } else {
      dsl::after_failed_assertion();
    }
  }

 private:
  template <class, class>
  friend class KTable;

  KGroupedTable(dsl::GroupedTableHandle handle, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : handle_(std::move(handle)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  template <class Fold, class Unfold, class Total>
  KTable<K, Total> add(const dsl::Operator& op, const Named& named,
                       Materialized<K, Total> materialized, Fold fold, Unfold unfold) const {
    static_assert(std::default_initializable<Total>,
                  "the total of a table's aggregation must be default-constructible");
    materialized.key_serde = dsl::serde_or(materialized.key_serde, key_serde_);
    return {handle_.aggregate(op, named, dsl::StoreOptions{materialized},
                              dsl::table_parts<processor::TableAggregateNode<K, V, Fold, Unfold>>(
                                  {std::move(fold), std::move(unfold), materialized.key_serde,
                                   materialized.value_serde})),
            materialized.key_serde, materialized.value_serde};
  }

  dsl::GroupedTableHandle handle_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0
