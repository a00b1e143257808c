#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/kgrouped_stream.h"
#include "moldau/dsl/kstream.h"
#include "moldau/dsl/ktable.h"
#include "moldau/dsl/options.h"
#include "moldau/export.h"
#include "moldau/processor/source.h"
#include "moldau/topology/topology.h"

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

// Collects a program of streams and tables and builds its topology.
//
// The order of calls matters: it gives operators, stores and internal topics their generated names,
// and tasks their numbers. An application that keeps its state must keep the order, or name what it
// keeps. Streams and tables of a builder may outlive it. Not thread-safe.
class MOLDAU_EXPORT StreamsBuilder {
 public:
  StreamsBuilder();
  ~StreamsBuilder();
  StreamsBuilder(const StreamsBuilder&) = delete;
  StreamsBuilder& operator=(const StreamsBuilder&) = delete;

  // The records of a topic, which must exist. Reading the same topics twice reads them once, as the
  // first call says; both streams get every record.
  template <class K, class V>
  KStream<K, V> stream(std::string topic, Consumed<K, V> consumed = {}) {
    return add_stream<K, V>({std::move(topic)}, std::move(consumed));
  }
  // The records of several topics, in no order between topics.
  template <class K, class V>
  KStream<K, V> stream(std::initializer_list<std::string_view> topics,
                       Consumed<K, V> consumed = {}) {
    return add_stream<K, V>({topics.begin(), topics.end()}, std::move(consumed));
  }
  template <class K, class V>
  KStream<K, V> stream(std::span<const std::string> topics, Consumed<K, V> consumed = {}) {
    return add_stream<K, V>({topics.begin(), topics.end()}, std::move(consumed));
  }

  // A topic as a table: a record is the new row of its key. A record without a key is dropped and
  // counted, one without a value deletes the row. The offset decides which update is the last one,
  // not the timestamp.
  template <class K, class V>
  KTable<K, V> table(std::string topic, Consumed<K, V> consumed = {},
                     Materialized<K, V> materialized = {}) {
    check_decodable<K, V>();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = dsl::serde_or(consumed.key_serde, materialized.key_serde);
      const AnySerde<V> value_serde = dsl::serde_or(consumed.value_serde, materialized.value_serde);
      return {dsl::TableHandle::from_topic(
                  graph_, std::move(topic), source(std::move(consumed), key_serde, value_serde),
                  dsl::StoreOptions{materialized},
                  dsl::table_parts<processor::TableSourceNode<K, V>>({key_serde, value_serde})),
              key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  // The topology of the program so far. Throws TopologyError if it cannot be run, and says why. May
  // be called again, also after more operators have been added.
  [[nodiscard]] Topology build() const;

 private:
  template <class K, class V>
  static void check_decodable() {
    static_assert(dsl::Decodable<K, V>,
                  "the keys and values of a topic must be default-constructible");
  }

  template <class K, class V>
  KStream<K, V> add_stream(std::vector<std::string> topics, Consumed<K, V> consumed) {
    check_decodable<K, V>();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = consumed.key_serde;
      const AnySerde<V> value_serde = consumed.value_serde;
      return {dsl::StreamHandle::from_topics(graph_, std::move(topics),
                                             source(std::move(consumed), key_serde, value_serde)),
              key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  template <class K, class V>
  static dsl::SourceParts source(Consumed<K, V> consumed, const AnySerde<K>& key_serde,
                                 const AnySerde<V>& value_serde) {
    return {std::move(consumed.name), consumed.reset,
            processor::BoundaryTypes::of(key_serde, value_serde),
            processor::make_factory<processor::SourceNode<K, V>>(
                {key_serde, value_serde, std::move(consumed.timestamp_extractor)})};
  }

  std::shared_ptr<topology::Graph> graph_;  // shared with the streams and tables
};

}  // namespace moldau::inline v0
