#pragma once

#include "moldau/dsl/options.h"
#include "moldau/processor/foreign_key_join.h"
#include "moldau/processor/nodes/table_table_join.h"
#include "moldau/serde/void.h"

#include <string>
#include <type_traits>

namespace moldau::inline v0 {

// How a table is joined with another one on a foreign key. K is the key of the left table, KO that
// of the other one.
template <class K, class KO>
struct TableJoined {
  // Name of the join: of its nodes, its two topics and the store of its subscriptions. Default:
  // generated. Name it if you keep the application.
  std::string name = {};
  // Sends answers back to where this table's rows are: as the topic of this table is partitioned.
  // It sees keys, not values, and chooses exactly one partition. Default: where the question came
  // from, which is right however the table is partitioned. There is no need for one.
  Partitioner<K, Void> partitioner = nullptr;
  // Sends questions to where the other table's rows are. Needed if the other table's topic is
  // partitioned by something else than the default of Kafka's Java producer; must then choose the
  // partition that a row of that key is in.
  Partitioner<KO, Void> other_partitioner = nullptr;
};

namespace dsl {

template <class T>
inline constexpr bool is_table_option = false;
template <>
inline constexpr bool is_table_option<Named> = true;
template <class K, class V>
inline constexpr bool is_table_option<Materialized<K, V>> = true;

// Tells a join on a foreign key, whose third argument is the joiner, from one by key.
template <class J>
concept JoinerArgument = !is_table_option<J>;

// The rows that a joiner makes.
template <processor::JoinKind kind, class F, class K, class V1, class V2>
using JoinedRow = processor::Emitted<processor::JoinResult<kind, F, K, V1, V2>>;

// Says what is wrong with a joiner.
template <processor::JoinKind kind, class F, class K, class V1, class V2>
constexpr void check_joiner() {
  constexpr bool fits = Joiner<F, kind, K, V1, V2>;
  static_assert(
      fits || kind != processor::JoinKind::inner,
      "join() takes a joiner R(const V1&, const V2&) or R(const K&, const V1&, const V2&)");
  static_assert(fits || kind != processor::JoinKind::left,
                "left_join() takes a joiner R(const V1&, const V2*) or "
                "R(const K&, const V1&, const V2*)");
  static_assert(fits || kind != processor::JoinKind::outer,
                "outer_join() takes a joiner R(const V1*, const V2*) or "
                "R(const K&, const V1*, const V2*)");
}

}  // namespace dsl

}  // namespace moldau::inline v0
