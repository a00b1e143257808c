#pragma once

#include "moldau/dsl/global_ktable.h"
#include "moldau/dsl/handles.h"
#include "moldau/dsl/join_windows.h"
#include "moldau/dsl/joins.h"
#include "moldau/dsl/kstream.h"
#include "moldau/dsl/ktable.h"
#include "moldau/dsl/serdes.h"
#include "moldau/processor/joiners.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/nodes/pass_through.h"
#include "moldau/processor/nodes/stream_global_join.h"
#include "moldau/processor/nodes/stream_stream_join.h"
#include "moldau/processor/nodes/stream_table_join.h"
#include "moldau/processor/pending_factory.h"

#include <concepts>
#include <utility>

// What the joins of KStream do once their joiner has been checked: they choose nodes and serdes,
// and leave names and order to the handles.
namespace moldau::inline v0::dsl {

// What one side of a stream-stream join needs to keep its records.
template <class K, class V>
StreamJoinParts::Side join_window_parts(const AnySerde<K>& key, const AnySerde<V>& value) {
  return {.window = processor::make_pending_factory<processor::JoinWindowNode<K, V>>({key, value}),
          .join = nullptr,
          .types = processor::BoundaryTypes::of(key, value),
          .repartition = repartition_parts(key, value)};
}

template <processor::JoinKind kind, class K, class V1, class V2, class F>
StreamJoinParts stream_join_parts(const AnySerde<K>& key, const AnySerde<V1>& left,
                                  const AnySerde<V2>& right, F joiner) {
  using processor::JoinSide;
  using Out = processor::Emitted<processor::JoinResult<kind, F, K, V1, V2>>;
  using Left = processor::StreamJoinNode<kind, JoinSide::left, K, V1, V2, F>;
  using Right = processor::StreamJoinNode<kind, JoinSide::right, K, V1, V2, F>;
  StreamJoinParts parts{.left = join_window_parts(key, left),
                        .right = join_window_parts(key, right),
                        .merge = processor::make_factory<processor::PassThroughNode<K, Out>>({}),
                        .alone = nullptr};
  parts.left.join = processor::make_pending_factory<Left>({joiner, key, left, right});
  parts.right.join = processor::make_pending_factory<Right>({joiner, key, left, right});
  if constexpr (std::same_as<V1, V2>) {
    parts.alone = processor::make_pending_factory<processor::SelfJoinNode<kind, K, V1, F>>(
        {std::move(joiner), key, left});
  }
  return parts;
}

template <processor::JoinKind kind, class K, class V1, class V2, class F>
auto Joins::streams(const KStream<K, V1>& left, const KStream<K, V2>& right, F joiner,
                    const JoinWindows& windows, StreamJoined<K, V1, V2> joined) {
  KStream<K, V1>::check_decodable();
  KStream<K, V2>::check_decodable();
  if constexpr (Joiner<F, kind, K, V1, V2> && Decodable<K, V1> && Decodable<K, V2>) {
    const AnySerde<K> key = serde_or(joined.key_serde, left.key_serde_);
    return KStream<K, processor::Emitted<processor::JoinResult<kind, F, K, V1, V2>>>{
        left.handle_.join(
            right.handle_, kind, windows, StreamJoinOptions{joined},
            stream_join_parts<kind>(key, serde_or(joined.value_serde, left.value_serde_),
                                    serde_or(joined.other_value_serde, right.value_serde_),
                                    std::move(joiner))),
        key,
        {}};
  } else {
    return left;
  }
}

template <processor::JoinKind kind, class K, class V, class VT, class F>
auto Joins::table(const KStream<K, V>& stream, const KTable<K, VT>& table, F joiner,
                  Joined<K, V, VT> joined) {
  KStream<K, V>::check_decodable();
  if constexpr (Joiner<F, kind, K, V, VT> && Decodable<K, V>) {
    using Node = processor::StreamTableJoinNode<kind, K, V, VT, F>;
    const AnySerde<K> key = serde_or(joined.key_serde, stream.key_serde_);
    const AnySerde<V> value = serde_or(joined.value_serde, stream.value_serde_);
    return KStream<K, processor::Emitted<processor::JoinResult<kind, F, K, V, VT>>>{
        stream.handle_.join(
            table.handle_, kind, joined.name, joined.grace,
            {.join = processor::make_pending_factory<Node>({std::move(joiner), key, value}),
             .types = processor::BoundaryTypes::of(key, value),
             .repartition = repartition_parts(key, value)}),
        key,
        {}};
  } else {
    return stream;
  }
}

template <processor::JoinKind kind, class K, class V, class KG, class VG, class S, class F>
auto Joins::global_table(const KStream<K, V>& stream, const GlobalKTable<KG, VG>& table, S select,
                         F joiner, const Named& named) {
  if constexpr (GlobalKeySelector<S, K, V, KG> && Joiner<F, kind, K, V, VG>) {
    using Node = processor::StreamGlobalJoinNode<kind, K, V, KG, VG, S, F>;
    return KStream<K, processor::Emitted<processor::JoinResult<kind, F, K, V, VG>>>{
        stream.handle_.join(
            table.handle_, kind, named,
            processor::make_factory<Node>({std::move(select), std::move(joiner), table.view()})),
        stream.key_serde_,
        {}};
  } else {
    return stream;
  }
}

}  // namespace moldau::inline v0::dsl
