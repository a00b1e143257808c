#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/kstream.h"
#include "moldau/dsl/make_table.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/process_options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/suppressed.h"
#include "moldau/dsl/table_joins.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/suppress.h"
#include "moldau/processor/nodes/table_filter.h"
#include "moldau/processor/nodes/table_group_by.h"
#include "moldau/processor/nodes/table_map_values.h"
#include "moldau/processor/nodes/table_transform_values.h"
#include "moldau/processor/nodes/to_stream.h"

#include <concepts>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace moldau::inline v0 {

// A table: one row a key, which records change. A place in a program, as KStream.
//
// Its rows are kept in a store if the program names the store, or if an operator below has to look
// them up. `{.name = ...}` names the store, Named the operator: `table.filter(p)`, `table.filter(p,
// Named{"big"})`, `table.filter(p, {.name = "big-store"}, {.name = "big"})`.
//
// Keys are never null. Callables never see a deleted row.
template <class K, class V>
class KTable {
  using JoinKind = processor::JoinKind;

 public:
  using key_type = K;
  using value_type = V;

  // Keeps the rows for which `predicate` returns true; the others are deleted rows of the result. A
  // row that never passed still shows up as deleted, unless this table's old rows are at hand
  // anyway.
  template <class F>
  KTable filter(F predicate) const {
    return do_filter(std::move(predicate), true, {}, std::nullopt);
  }
  template <class F>
  KTable filter(F predicate, Materialized<K, V> materialized, Named named = {}) const {
    return do_filter(std::move(predicate), true, named, std::move(materialized));
  }
  template <class F, std::same_as<Named> N>
  KTable filter(F predicate, N named) const {
    return do_filter(std::move(predicate), true, named, std::nullopt);
  }

  // Keeps the rows for which `predicate` returns false.
  template <class F>
  KTable filter_not(F predicate) const {
    return do_filter(std::move(predicate), false, {}, std::nullopt);
  }
  template <class F>
  KTable filter_not(F predicate, Materialized<K, V> materialized, Named named = {}) const {
    return do_filter(std::move(predicate), false, named, std::move(materialized));
  }
  template <class F, std::same_as<Named> N>
  KTable filter_not(F predicate, N named) const {
    return do_filter(std::move(predicate), false, named, std::nullopt);
  }

  // Replaces each row's value by `mapper(value)` or `mapper(key, value)`. A mapper that returns
  // std::optional<R> deletes the row with std::nullopt.
  template <class F, class V2 = processor::Emitted<processor::CallResult<F, K, V>>>
  KTable<K, V2> map_values(F mapper) const {
    return do_map_values<F, V2>(std::move(mapper), {}, std::nullopt);
  }
  template <class F, class V2 = processor::Emitted<processor::CallResult<F, K, V>>>
  KTable<K, V2> map_values(F mapper, Materialized<K, V2> materialized, Named named = {}) const {
    return do_map_values<F, V2>(std::move(mapper), named, std::move(materialized));
  }
  template <class F, std::same_as<Named> N,
            class V2 = processor::Emitted<processor::CallResult<F, K, V>>>
  KTable<K, V2> map_values(F mapper, N named) const {
    return do_map_values<F, V2>(std::move(mapper), named, std::nullopt);
  }

  // As map_values(), by a ValueTransformer, which may use stores and is called for deleted rows
  // too. `supplier` makes one: `[] { return std::make_unique<T>(...); }`, or
  // `[] { return T{...}; }`.
  template <class F, class V2 = processor::TransformedRow<F>>
  KTable<K, V2> transform_values(F supplier) const {
    return do_transform_values<F, V2>(std::move(supplier), {}, std::nullopt);
  }
  template <class F, class V2 = processor::TransformedRow<F>>
  KTable<K, V2> transform_values(F supplier, Materialized<K, V2> materialized,
                                 const ProcessOptions& options = {}) const {
    return do_transform_values<F, V2>(std::move(supplier), options, std::move(materialized));
  }
  template <class F, std::same_as<ProcessOptions> O, class V2 = processor::TransformedRow<F>>
  KTable<K, V2> transform_values(F supplier, const O& options) const {
    return do_transform_values<F, V2>(std::move(supplier), options, std::nullopt);
  }

  // Brings the rows together for which `selector` returns the same key; the KeyValue<K2, V2> or
  // std::pair it returns is the group's key and the value to aggregate. Either part may be a
  // std::optional: a pair with a std::nullopt belongs to no group. Asks this table for old values,
  // so its rows are kept. An out-of-order update of a versioned table changes no group.
  template <class F>
  auto group_by(
      F selector,
      Grouped<
          typename processor::KeyValueOf<std::remove_cvref_t<processor::CallResult<F, K, V>>>::Key,
          typename processor::KeyValueOf<
              std::remove_cvref_t<processor::CallResult<F, K, V>>>::Value>
          grouped = {}) const {
    static_assert(RecordMapper<F, K, V>,
                  "group_by() of a table takes KeyValue<K2, V2>(const V&) or "
                  "KeyValue<K2, V2>(const K&, const V&)");
    if constexpr (RecordMapper<F, K, V>) {
      return do_group_by(std::move(selector), std::move(grouped));
    } else {
      dsl::after_failed_assertion();
    }
  }

  // Holds the changes of each key back until `until.wait` of event time has passed since the first
  // of them, then hands the last one on: fewer records below, a little later. Deletes are handed on
  // as well. Time moves with the records of this table; without records nothing is handed on.
  //
  // What is held back is in memory, and in a changelog topic as of each commit. Throws
  // TopologyError if this table is a versioned one.
  KTable suppress(UntilTimeLimit until, Named named = {}) const {
    return do_suppress(dsl::suppression_rules(until), std::move(until.buffer), named);
  }

  // Holds the changes of each window back until the window is closed, then hands the last one on:
  // one final result a window. A window is closed once event time has passed its end by the grace
  // period of the aggregation above. A window that is deleted while it is held back never shows up.
  //
  // As above; throws TopologyError also if no windowed aggregation is above.
  KTable suppress(UntilWindowCloses until, Named named = {}) const {
    static_assert(is_windowed<K>,
                  "suppress(until_window_closes()) needs a table of windows: K is Windowed<...>");
    if constexpr (is_windowed<K>) {
      return do_suppress(dsl::suppression_rules(until, handle_.window_closing()),
                         std::move(until.buffer), named);
    } else {
      return *this;
    }
  }

  // The changes of the table as records: a deleted row is a null value.
  KStream<K, V> to_stream(Named named = {}) const {
    return {handle_.to_stream(named, processor::make_factory<processor::ToStreamNode<K, V>>({})),
            key_serde_, value_serde_};
  }
  // The same with another key: to_stream(named), then select_key(selector). The selector meets
  // deleted rows: take `const V*`.
  template <class F>
  auto to_stream(F selector, Named named = {}) const {
    static_assert(KeySelector<F, K, V>, "to_stream() takes K2(const V*) or K2(const K&, const V*)");
    if constexpr (KeySelector<F, K, V>) {
      return to_stream(std::move(named)).select_key(std::move(selector));
    } else {
      return to_stream();
    }
  }

  // Joins this table with another one that has the same keys. Where both have a row, the result has
  // `joiner(left row, right row)`; it changes when either of them does, at the later time of the
  // two. A joiner that returns std::optional<R> has no row for std::nullopt. Both tables keep their
  // rows, and their topics need one partition count.
  template <class KO, class V2, class F, class R = dsl::JoinedRow<JoinKind::inner, F, K, V, V2>>
  KTable<K, R> join(const KTable<KO, V2>& other, F joiner) const {
    return do_join<JoinKind::inner, R>(other, std::move(joiner), {}, nullptr);
  }
  template <class KO, class V2, class F, class R = dsl::JoinedRow<JoinKind::inner, F, K, V, V2>>
  KTable<K, R> join(const KTable<KO, V2>& other, F joiner, Materialized<K, R> materialized,
                    Named named = {}) const {
    return do_join<JoinKind::inner, R>(other, std::move(joiner), named, &materialized);
  }
  template <class KO, class V2, class F, std::same_as<Named> N,
            class R = dsl::JoinedRow<JoinKind::inner, F, K, V, V2>>
  KTable<K, R> join(const KTable<KO, V2>& other, F joiner, N named) const {
    return do_join<JoinKind::inner, R>(other, std::move(joiner), named, nullptr);
  }

  // Joins each row of this table with the row of another one whose key is `foreign_key(value)` or
  // `foreign_key(key, value)`. The function may return std::optional<KO>: a row without a foreign
  // key joins nothing and is counted as dropped. Many rows may have the same foreign key: a change
  // of the other table's row changes all of their results. Questions and answers go through two
  // topics of the library's, so results come a little later than the changes.
  template <class KO, class V2, class F, dsl::JoinerArgument J,
            class R = dsl::JoinedRow<JoinKind::inner, J, K, V, V2>>
  KTable<K, R> join(const KTable<KO, V2>& other, F foreign_key, J joiner,
                    TableJoined<K, KO> joined = {}, Materialized<K, R> materialized = {}) const {
    return do_join_on_foreign_key<JoinKind::inner, R>(other, std::move(foreign_key),
                                                      std::move(joiner), std::move(joined),
                                                      std::move(materialized));
  }

  // As join(), with a row for each row of this table: `joiner(left row, nullptr)` where the other
  // one has none. The right row is a pointer: `const V2*`.
  template <class KO, class V2, class F, class R = dsl::JoinedRow<JoinKind::left, F, K, V, V2>>
  KTable<K, R> left_join(const KTable<KO, V2>& other, F joiner) const {
    return do_join<JoinKind::left, R>(other, std::move(joiner), {}, nullptr);
  }
  template <class KO, class V2, class F, class R = dsl::JoinedRow<JoinKind::left, F, K, V, V2>>
  KTable<K, R> left_join(const KTable<KO, V2>& other, F joiner, Materialized<K, R> materialized,
                         Named named = {}) const {
    return do_join<JoinKind::left, R>(other, std::move(joiner), named, &materialized);
  }
  template <class KO, class V2, class F, std::same_as<Named> N,
            class R = dsl::JoinedRow<JoinKind::left, F, K, V, V2>>
  KTable<K, R> left_join(const KTable<KO, V2>& other, F joiner, N named) const {
    return do_join<JoinKind::left, R>(other, std::move(joiner), named, nullptr);
  }

  // As join() on a foreign key, with a row for each row of this table: `joiner(left row, nullptr)`
  // where there is no foreign key or no row with it.
  template <class KO, class V2, class F, dsl::JoinerArgument J,
            class R = dsl::JoinedRow<JoinKind::left, J, K, V, V2>>
  KTable<K, R> left_join(const KTable<KO, V2>& other, F foreign_key, J joiner,
                         TableJoined<K, KO> joined = {},
                         Materialized<K, R> materialized = {}) const {
    return do_join_on_foreign_key<JoinKind::left, R>(other, std::move(foreign_key),
                                                     std::move(joiner), std::move(joined),
                                                     std::move(materialized));
  }

  // As join(), with a row for each key that either table has. Both rows are pointers, of which at
  // most one is null.
  template <class KO, class V2, class F, class R = dsl::JoinedRow<JoinKind::outer, F, K, V, V2>>
  KTable<K, R> outer_join(const KTable<KO, V2>& other, F joiner) const {
    return do_join<JoinKind::outer, R>(other, std::move(joiner), {}, nullptr);
  }
  template <class KO, class V2, class F, class R = dsl::JoinedRow<JoinKind::outer, F, K, V, V2>>
  KTable<K, R> outer_join(const KTable<KO, V2>& other, F joiner, Materialized<K, R> materialized,
                          Named named = {}) const {
    return do_join<JoinKind::outer, R>(other, std::move(joiner), named, &materialized);
  }
  template <class KO, class V2, class F, std::same_as<Named> N,
            class R = dsl::JoinedRow<JoinKind::outer, F, K, V, V2>>
  KTable<K, R> outer_join(const KTable<KO, V2>& other, F joiner, N named) const {
    return do_join<JoinKind::outer, R>(other, std::move(joiner), named, nullptr);
  }

 private:
  template <class, class>
  friend class KStream;
  template <class, class>
  friend class KTable;
  template <class, class>
  friend class KGroupedStream;
  template <class, class>
  friend class KGroupedTable;
  friend class StreamsBuilder;
  friend struct dsl::MakeTable;
  friend struct dsl::Joins;

  KTable(dsl::TableHandle handle, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : handle_(std::move(handle)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  template <class F>
  KTable do_filter(F predicate, bool wanted, const Named& named,
                   std::optional<Materialized<K, V>> materialized) const {
    static_assert(RecordPredicate<F, K, V>,
                  "filter() of a table takes bool(const V&) or bool(const K&, const V&)");
    if constexpr (RecordPredicate<F, K, V>) {
      const Rows<V> rows{*this, materialized, value_serde_};
      return {handle_.filter(named, rows.options,
                             dsl::table_parts<processor::TableFilterNode<K, V, F>>(
                                 {std::move(predicate), wanted, rows.key_serde, rows.value_serde})),
              rows.key_serde, rows.value_serde};
    } else {
      return *this;
    }
  }

  template <class F, class V2>
  KTable<K, V2> do_map_values(F mapper, const Named& named,
                              std::optional<Materialized<K, V2>> materialized) const {
    static_assert(ValueMapper<F, K, V>,
                  "map_values() of a table takes R(const V&) or R(const K&, const V&)");
    if constexpr (ValueMapper<F, K, V>) {
      static_assert(std::default_initializable<V2>,
                    "the rows of a table must be default-constructible");
      const Rows<V2> rows{*this, materialized, dsl::same_serde<V2>(value_serde_)};
      return {handle_.map_values(named, rows.options,
                                 dsl::table_parts<processor::TableMapValuesNode<K, V, V2, F>>(
                                     {std::move(mapper), rows.key_serde, rows.value_serde})),
              rows.key_serde, rows.value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  template <class F, class V2>
  KTable<K, V2> do_transform_values(F supplier, const ProcessOptions& options,
                                    std::optional<Materialized<K, V2>> materialized) const {
    static_assert(ValueTransformerSupplier<F>,
                  "transform_values() takes a function that returns a new ValueTransformer at each "
                  "call, by value or as a std::unique_ptr");
    if constexpr (ValueTransformerSupplier<F>) {
      using P = processor::Supplied<F>;
      constexpr bool fits =
          std::same_as<typename P::key_in, K> && std::same_as<typename P::value_in, V>;
      static_assert(fits,
                    "transform_values() takes a transformer of this table's keys and values: "
                    "derive it from ValueTransformer<K, V, VOut>");
      if constexpr (fits) {
        static_assert(std::default_initializable<V2>,
                      "the rows of a table must be default-constructible");
        const Rows<V2> rows{*this, materialized, dsl::same_serde<V2>(value_serde_)};
        return {handle_.transform_values(
                    options, rows.options,
                    dsl::table_parts<processor::TableTransformValuesNode<P, F, K, V, V2>>(
                        {std::move(supplier), rows.key_serde, rows.value_serde})),
                rows.key_serde, rows.value_serde};
      } else {
        dsl::after_failed_assertion();
      }
    } else {
      dsl::after_failed_assertion();
    }
  }

  template <class F, class K2, class V2>
  KGroupedTable<K2, V2> do_group_by(F selector, Grouped<K2, V2> grouped) const {
    static_assert(std::equality_comparable<K2>,
                  "the keys that group_by() of a table makes must be comparable with ==");
    static_assert(std::default_initializable<K2> && std::default_initializable<V2>,
                  "the keys and values that group_by() of a table makes must be "
                  "default-constructible");
    if constexpr (std::equality_comparable<K2> && dsl::Decodable<K2, V2>) {
      const AnySerde<K2> key_serde =
          dsl::serde_or(grouped.key_serde, dsl::same_serde<K2>(key_serde_));
      const AnySerde<V2> value_serde =
          dsl::serde_or(grouped.value_serde, dsl::same_serde<V2>(value_serde_));
      return {handle_.group_by(
                  grouped.name,
                  processor::make_factory<processor::TableGroupByNode<K, V, K2, V2, F>>(
                      {std::move(selector)}),
                  std::make_shared<processor::RegroupPartsOf<K2, V2>>(key_serde, value_serde)),
              key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  template <JoinKind kind, class R, class KO, class V2, class F>
  KTable<K, R> do_join(const KTable<KO, V2>& other, F joiner, const Named& named,
                       Materialized<K, R>* materialized) const {
    static_assert(
        std::same_as<K, KO>,
        "tables are joined by key, so their keys must be of one type; or say which key of "
        "the other table a row belongs to: join(other, foreign_key, joiner)");
    dsl::check_joiner<kind, F, K, V, V2>();
    if constexpr (std::same_as<K, KO> && Joiner<F, kind, K, V, V2>) {
      static_assert(std::default_initializable<R>,
                    "the rows of a table must be default-constructible");
      using processor::TableJoinSideNode;
      const Rows<R> rows{
          *this, materialized != nullptr ? std::optional{std::move(*materialized)} : std::nullopt,
          dsl::same_serde<R>(value_serde_)};
      return {handle_.join(
                  other.handle_, named, rows.options,
                  {kind,
                   processor::make_table_factory<TableJoinSideNode<kind, true, K, V, V2, R, F>>(
                       {joiner}),
                   processor::make_table_factory<TableJoinSideNode<kind, false, K, V2, V, R, F>>(
                       {joiner}),
                   dsl::table_parts<processor::TableJoinNode<kind, K, V, V2, R, F>>(
                       {std::move(joiner), rows.key_serde, rows.value_serde})}),
              rows.key_serde, rows.value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  template <JoinKind kind, class R, class KO, class V2, class F, class J>
  KTable<K, R> do_join_on_foreign_key(const KTable<KO, V2>& other, F foreign_key, J joiner,
                                      TableJoined<K, KO> joined,
                                      Materialized<K, R> materialized) const {
    constexpr bool finds_key = std::same_as<processor::Emitted<processor::CallResult<F, K, V>>, KO>;
    static_assert(
        finds_key,
        "a join on a foreign key takes KO(const V&) or KO(const K&, const V&), where KO, or "
        "std::optional<KO>, is the type of the other table's keys");
    dsl::check_joiner<kind, J, K, V, V2>();
    if constexpr (finds_key && Joiner<J, kind, K, V, V2>) {
      static_assert(std::default_initializable<R>,
                    "the rows of a table must be default-constructible");
      const Rows<R> rows{*this, std::optional{std::move(materialized)},
                         dsl::same_serde<R>(value_serde_)};
      const processor::ForeignKeyJoinPartsOf<kind, K, V, KO, V2, R, F, J> parts{
          std::move(foreign_key),
          std::move(joiner),
          {key_serde_, value_serde_, other.key_serde_, other.value_serde_,
           std::move(joined.partitioner), std::move(joined.other_partitioner)}};
      return {handle_.join_on_foreign_key(other.handle_, joined.name, *rows.options, parts,
                                          dsl::table_parts<processor::TableSourceNode<K, R>>(
                                              {rows.key_serde, rows.value_serde})),
              key_serde_, rows.value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  template <class Config>
  KTable do_suppress(const processor::SuppressionRules& rules, Config buffer,
                     const Named& named) const {
    return {handle_.suppress(
                named, {buffer.logging, std::move(buffer.changelog_config)},
                dsl::table_parts<processor::SuppressNode<K, V>>({rules, key_serde_, value_serde_})),
            key_serde_, value_serde_};
  }

  // What the program says about the rows of a derived table.
  template <class V2>
  struct Rows {
    Rows(const KTable& above, const std::optional<Materialized<K, V2>>& materialized,
         const AnySerde<V2>& value_serde_above)
        : key_serde(above.key_serde_), value_serde(value_serde_above) {
      if (!materialized) return;
      options.emplace(*materialized);
      key_serde = dsl::serde_or(materialized->key_serde, key_serde);
      value_serde = dsl::serde_or(materialized->value_serde, value_serde);
    }
    std::optional<dsl::StoreOptions> options;
    AnySerde<K> key_serde;
    AnySerde<V2> value_serde;
  };

  dsl::TableHandle handle_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0

#include "moldau/dsl/kgrouped_table.h"  // result of group_by()
