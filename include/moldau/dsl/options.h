#pragma once

#include "moldau/fwd.h"
#include "moldau/processor/partitioner.h"
#include "moldau/processor/timestamp_extractor.h"
#include "moldau/serde/serde.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/plan.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

// What the operators can be told besides what they must know. Every field has a default; write the
// ones that differ, in the order they are declared: `{.name = "counts", .caching = false}`.
//
// Names consist of ASCII letters, digits, '.', '_' and '-', at most 249 of them. A serde that is
// not given is that of the stream or table above if the type is the same, otherwise Serde<T>.
namespace moldau::inline v0 {

using AutoOffsetReset = topology::AutoOffsetReset;

// The name of an operator.
struct Named {
  // Shows in describe(), in logs and in metrics. Default: generated from the operator's place in
  // the program, so it changes when operators are added above.
  std::string name = {};
};

// How a topic is read.
template <class K, class V>
struct Consumed {
  // Name of the source. A table named X has the nodes "X-source" and "X". Default: generated.
  std::string name = {};
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Where the time of a record comes from. Default: `default.timestamp.extractor` of the
  // configuration.
  TimestampExtractor<K, V> timestamp_extractor = {};
  // Where to start if the group has no offset yet. Default: `auto.offset.reset` of the
  // configuration.
  AutoOffsetReset reset = AutoOffsetReset::from_config;
};

// How a topic is written.
template <class K, class V>
struct Produced {
  // Name of the sink. Default: generated.
  std::string name = {};
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Chooses the partition. Default: that of Kafka's Java producer, so that records of one key
  // written from either language meet in one partition. Another one breaks joins with topics of the
  // default.
  Partitioner<K, V> partitioner = nullptr;
};

// How records are brought together by key.
template <class K, class V>
struct Grouped {
  // Name of group_by()'s operator, and of the repartition topic if one is needed; aggregations of
  // one named grouping share it. Default: generated, and a topic for each aggregation. Name it if
  // you keep the application: a renamed topic loses the records that are in it.
  std::string name = {};
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
};

// How the rows of a table are kept.
template <class K, class V>
struct Materialized {
  // Name of the store, of its changelog topic, and the name used in queries. Default: generated,
  // and a table that nothing reads by key is not kept at all. Name every store you intend to keep
  // across releases: generated names change when the program changes, and a renamed store starts
  // empty.
  std::string name = {};
  // On disk, or in memory and rebuilt from the changelog at each start. Memory suits small tables
  // and stores without logging.
  StoreType type = StoreType::rocksdb;
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Keep a changelog topic to rebuild the store from. Off: what is on this machine's disk is all
  // there is, and it is gone when the task moves.
  bool logging = true;
  // Settings of the changelog topic, over those of the library and of the configuration.
  std::map<std::string, std::string> changelog_config = {};
  // Collapse updates of one key between commits. Fewer changelog writes and fewer records below, at
  // the price of intermediate results. Turn off when every update must be seen.
  bool caching = true;
  // Of a windowed table: how long windows can be looked up, counted back from the store's time.
  // Default, and the least: as long as they can still change.
  std::optional<std::chrono::milliseconds> retention = {};
  // Makes the store a versioned one: it knows what each row was at any time so far back.
  std::optional<std::chrono::milliseconds> history = {};
  // Of windowed tables and versioned stores: old entries are kept together in segments of that much
  // time and leave segment by segment. Default: the reference's rule.
  std::optional<std::chrono::milliseconds> segment_interval = {};
};

// How a stream is sent through a topic of the library's.
template <class K, class V>
struct Repartitioned {
  // Name of the topic, with "-repartition" behind it. Default: generated; see Grouped::name.
  std::string name = {};
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Number of partitions, at least 1. Default: as many as the topics have that the records come
  // from. Cannot be changed later without a reset of the application.
  std::optional<std::int32_t> partitions = {};
  // As Produced::partitioner.
  Partitioner<K, V> partitioner = nullptr;
};

// What becomes of one branch of a split stream. At most one of function and consumer.
template <class K, class V>
struct Branched {
  // The branch's name behind the prefix that split() was given. Default: its number, from 1; the
  // default branch has 0.
  std::string name = {};
  // Called once with the branch while the program is built; its result stands for the branch in the
  // map.
  std::function<KStream<K, V>(KStream<K, V>)> function = nullptr;
  // Called once with the branch, which then is not in the map.
  std::function<void(KStream<K, V>)> consumer = nullptr;
};

}  // namespace moldau::inline v0
