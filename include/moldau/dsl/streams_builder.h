#pragma once

#include "moldau/dsl/global_ktable.h"
#include "moldau/dsl/handles.h"
#include "moldau/dsl/kgrouped_stream.h"
#include "moldau/dsl/kstream.h"
#include "moldau/dsl/ktable.h"
#include "moldau/dsl/options.h"
#include "moldau/export.h"
#include "moldau/processor/source.h"
#include "moldau/processor/used_store.h"
#include "moldau/topology/topic_pattern.h"
#include "moldau/topology/topology.h"
#include "moldau/topology/topology_config.h"

#include <concepts>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
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

  // The records of all topics that match: `stream<K, V>(TopicPattern{"orders-.*"})`. No other
  // source may read one of them.
  template <class K, class V, std::same_as<TopicPattern> Pattern>
  KStream<K, V> stream(Pattern pattern, Consumed<K, V> consumed = {}) {
    check_decodable<K, V>();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = consumed.key_serde;
      const AnySerde<V> value_serde = consumed.value_serde;
      return {dsl::StreamHandle::from_pattern(graph_, std::move(pattern.expression),
                                              source(std::move(consumed), key_serde, value_serde)),
              key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
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

  // A topic as a table that every instance of the application has in full, loaded before any stream
  // is processed. Records as in table(). The topic keeps the rows: there is no changelog.
  template <class K, class V>
  GlobalKTable<K, V> global_table(std::string topic, Consumed<K, V> consumed = {},
                                  Materialized<K, V> materialized = {}) {
    check_decodable<K, V>();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = dsl::serde_or(consumed.key_serde, materialized.key_serde);
      const AnySerde<V> value_serde = dsl::serde_or(consumed.value_serde, materialized.value_serde);
      return {dsl::GlobalTableHandle::from_topic(
                  graph_, std::move(topic), source(std::move(consumed), key_serde, value_serde),
                  dsl::StoreOptions{materialized},
                  dsl::table_parts<processor::TableSourceNode<K, V>>({key_serde, value_serde})),
              key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  // A store that processors use by its name.
  void add_state_store(const UsedStore& store) { dsl::add_state_store(*graph_, store); }

  // A store that every instance of the application has in full: filled from all partitions of
  // `topic` by the Processor that `supplier` makes, and by nobody else. A store of any kind. Every
  // processor may read it without naming it. The processor runs over the whole topic again when the
  // store is restored; what it forwards goes nowhere.
  template <class F, class K = processor::SuppliedKey<F>, class V = processor::SuppliedValue<F>>
  void add_global_store(const UsedStore& store, std::string topic, F supplier,
                        Consumed<std::type_identity_t<K>, std::type_identity_t<V>> consumed = {}) {
    static_assert(ProcessorSupplier<F>,
                  "add_global_store() takes a function that returns a new Processor at each call, "
                  "by value or as a std::unique_ptr");
    if constexpr (ProcessorSupplier<F>) {
      check_decodable<K, V>();
      const AnySerde<K> key_serde = consumed.key_serde;
      const AnySerde<V> value_serde = consumed.value_serde;
      dsl::add_global_store(
          *graph_, store, std::move(topic), source(std::move(consumed), key_serde, value_serde),
          processor::make_factory<processor::ProcessNodeOf<processor::Supplied<F>, F>>(
              {std::move(supplier)}));
    }
  }

  // The topology of the program so far, rewritten as `config` allows. Throws TopologyError if it
  // cannot be run, and says why. May be called again, also after more operators have been added.
  [[nodiscard]] Topology build(const TopologyConfig& config = {}) const;

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
