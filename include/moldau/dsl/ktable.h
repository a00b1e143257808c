#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/kstream.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/table_filter.h"
#include "moldau/processor/nodes/table_map_values.h"
#include "moldau/processor/nodes/to_stream.h"

#include <concepts>
#include <optional>
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

 private:
  template <class, class>
  friend class KStream;
  template <class, class>
  friend class KTable;
  template <class, class>
  friend class KGroupedStream;
  friend class StreamsBuilder;

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
