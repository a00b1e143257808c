#pragma once

#include "moldau/serde/serde.h"
#include "moldau/state/store_spec.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>

// What joins can be told; see options.h about names and serdes.
namespace moldau::inline v0 {

// The window store of one side of a stream-stream join, where it has to be another than the others.
struct JoinStore {
  // Default: StreamJoined::store_name with a suffix, or generated.
  std::string name = {};
  StoreType type = StoreType::rocksdb;
};

// How two streams are joined. Their records are kept in two window stores, and those of a left or
// outer join that have no match yet in a third.
template <class K, class V1, class V2>
struct StreamJoined {
  // Name of the operators, and with "-left" or "-right" of the repartition topics that are needed
  // if keys were changed. Default: generated. It does not name the stores.
  std::string name = {};
  // Name of the stores and of their changelog topics, with suffixes behind it. Default: generated.
  // Name them if you keep the application; see Materialized::name.
  std::string store_name = {};
  AnySerde<K> key_serde = {};
  AnySerde<V1> value_serde = {};        // of this stream
  AnySerde<V2> other_value_serde = {};  // of the other one
  // See Materialized. Joins are never cached: each match is a result.
  StoreType type = StoreType::rocksdb;
  bool logging = true;
  std::map<std::string, std::string> changelog_config = {};
  // Window stores with a name or a type of their own, for this stream's records and for the
  // other's. The third store is kept like this stream's.
  std::optional<JoinStore> this_store = {};
  std::optional<JoinStore> other_store = {};
};

// How a stream is joined with a table.
template <class K, class V, class VT>
struct Joined {
  // Name of the operator, and of the repartition topic that is needed if keys were changed.
  // Default: generated.
  std::string name = {};
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};  // of the stream
  // Let records of the stream wait until the highest time of the stream is so far past theirs, so
  // that rows which belong to an earlier time but arrive later are found. Needs a versioned table
  // with at least so much history. Costs a store, written twice for each record. Default: every
  // record is joined at once.
  std::optional<std::chrono::milliseconds> grace = {};
};

}  // namespace moldau::inline v0
