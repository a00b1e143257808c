#pragma once

#include "moldau/export.h"
#include "moldau/processor/boundary_types.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/nodes/process.h"
#include "moldau/processor/nodes/sink.h"
#include "moldau/processor/partitioner.h"
#include "moldau/processor/source.h"
#include "moldau/processor/used_store.h"
#include "moldau/serde/serde.h"
#include "moldau/topology/plan_builder.h"
#include "moldau/topology/topic_pattern.h"
#include "moldau/topology/topology.h"

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

// How a source of a hand-written topology reads its topics.
template <class K, class V>
struct SourceOptions {
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Where the time of a record comes from. Default: `default.timestamp.extractor` of the
  // configuration.
  TimestampExtractor<K, V> timestamp_extractor = {};
  // Where to start if the group has no offset yet. Default: `auto.offset.reset` of the
  // configuration. Global and read-only stores always start at the beginning.
  topology::AutoOffsetReset reset = topology::AutoOffsetReset::from_config;
};

// How a sink of a hand-written topology writes its topic.
template <class K, class V>
struct SinkOptions {
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Chooses the partition. Default: that of Kafka's Java producer.
  Partitioner<K, V> partitioner = nullptr;
};

// Puts a topology together by hand: sources, processors, sinks and stores by their names. For what
// streams and tables cannot say; StreamsBuilder names and connects everything by itself.
//
// Parents come before their children, stores before those who use them. Every call throws
// TopologyError saying what is wrong and with whom, and then has changed nothing: a name used
// twice, a parent that is unknown or a sink, a topic with two sources, two different stores of one
// name. That each node takes the types its parents emit, and that each supplier gives a processor,
// is checked by build(). Not thread-safe.
class MOLDAU_EXPORT TopologyBuilder {
 public:
  using Names = std::vector<std::string>;
  template <class P>
  static constexpr bool is_processor =
      processor::ProcessorTypes<P> || processor::FixedKeyProcessorTypes<P>;

  TopologyBuilder();
  ~TopologyBuilder();
  TopologyBuilder(const TopologyBuilder&) = delete;
  TopologyBuilder& operator=(const TopologyBuilder&) = delete;

  // Reads topics, which must exist.
  template <class K, class V>
  TopologyBuilder& add_source(std::string name, Names topics, SourceOptions<K, V> options = {}) {
    const topology::AutoOffsetReset reset = options.reset;
    const processor::BoundaryTypes types = types_of(options);
    add_source_node(std::move(name), std::move(topics), reset, types,
                    source_factory(std::move(options)));
    return *this;
  }
  template <class K, class V, std::same_as<TopicPattern> Pattern>
  TopologyBuilder& add_source(std::string name, Pattern pattern, SourceOptions<K, V> options = {}) {
    const topology::AutoOffsetReset reset = options.reset;
    const processor::BoundaryTypes types = types_of(options);
    add_pattern_source_node(std::move(name), std::move(pattern), reset, types,
                            source_factory(std::move(options)));
    return *this;
  }

  // A Processor or FixedKeyProcessor, made by `supplier` for each task; a supplier of pointers is
  // also called by build(), which refuses one that gives nothing. `stores` are connected to
  // it; those that are described, not only named, are added unless they have been.
  template <class F>
  requires(!is_processor<F>) TopologyBuilder& add_processor(std::string name, F supplier,
                                                            Names parents,
                                                            std::vector<UsedStore> stores = {}) {
    check_supplier<F>();
    if constexpr (supplies<F>) {
      add_processor_node(std::move(name), processor_factory(std::move(supplier)),
                         std::move(parents), std::move(stores));
    }
    return *this;
  }
  // One that is made by its default constructor.
  template <class P>
  requires(is_processor<P>) TopologyBuilder& add_processor(std::string name, Names parents,
                                                           std::vector<UsedStore> stores = {}) {
    return add_processor(std::move(name), processor::DefaultSupplier<P>{}, std::move(parents),
                         std::move(stores));
  }

  // Writes a topic, which must exist.
  template <class K, class V>
  TopologyBuilder& add_sink(std::string name, std::string topic, Names parents,
                            SinkOptions<K, V> options = {}) {
    add_sink_node(std::move(name), topic, std::move(parents), types_of(options),
                  sink_factory<K, V>(processor::FixedTopic{topic}, std::move(options)));
    return *this;
  }
  // Writes each record to the topic that `topic_of` names, as KStream::to().
  template <class K, class V, class F>
  requires(!std::convertible_to<F, std::string>) TopologyBuilder& add_sink(
      std::string name, F topic_of, Names parents, SinkOptions<K, V> options = {}) {
    static_assert(TopicSelector<F, K, V>,
                  "add_sink() takes the name of a topic, or a function of (const V&), (const K&, "
                  "const V&) or (const Record<K, V>&, const RecordMetadata&) that returns one");
    if constexpr (TopicSelector<F, K, V>) {
      const processor::BoundaryTypes types = types_of(options);
      add_sink_node(std::move(name), std::nullopt, std::move(parents), types,
                    sink_factory<K, V>(std::move(topic_of), std::move(options)));
    }
    return *this;
  }

  // Adds a store, and connects it to processors that have been added. Processors that share a store
  // run in one task.
  TopologyBuilder& add_state_store(const UsedStore& store, const Names& processors = {});
  TopologyBuilder& connect_processor_and_state_stores(std::string_view processor,
                                                      const Names& stores);

  // A store for the whole application: every instance has all of it, and every processor may read
  // it without being connected. Filled from all partitions of `topic` by the processor that
  // `supplier` makes, which alone may write, and by nobody else; its keys and values are the
  // topic's. The processor runs over the whole topic again when the store is restored. Its records
  // are not aligned in time with those of streams.
  template <class F, class K = processor::SuppliedKey<F>, class V = processor::SuppliedValue<F>>
  TopologyBuilder& add_global_store(
      const UsedStore& store, std::string source_name, std::string topic,
      std::string processor_name, F supplier,
      SourceOptions<std::type_identity_t<K>, std::type_identity_t<V>> options = {}) {
    check_supplier<F>();
    if constexpr (supplies<F>) {
      const processor::BoundaryTypes types = types_of(options);
      add_global_store_nodes(store, types,
                             {.source_name = std::move(source_name),
                              .topic = std::move(topic),
                              .source = source_factory(std::move(options)),
                              .processor_name = std::move(processor_name),
                              .processor = processor_factory(std::move(supplier)),
                              .store = {},
                              .reprocessed = true});
    }
    return *this;
  }

  // A store that is filled from a topic, task by task, by the processor that `supplier` makes, and
  // that has no changelog of its own: it is restored from that topic as it is. So the processor
  // must put each record as it comes, and nobody else may write to the store.
  template <class F, class K = processor::SuppliedKey<F>, class V = processor::SuppliedValue<F>>
  TopologyBuilder& add_read_only_state_store(
      const UsedStore& store, std::string source_name, std::string topic,
      std::string processor_name, F supplier,
      SourceOptions<std::type_identity_t<K>, std::type_identity_t<V>> options = {}) {
    check_supplier<F>();
    if constexpr (supplies<F>) {
      const processor::BoundaryTypes types = types_of(options);
      add_read_only_store_nodes(store, types,
                                {.source_name = std::move(source_name),
                                 .topic = std::move(topic),
                                 .source = source_factory(std::move(options)),
                                 .processor_name = std::move(processor_name),
                                 .processor = processor_factory(std::move(supplier)),
                                 .store = {}});
    }
    return *this;
  }

  // The topology so far. Throws TopologyError if it cannot be run, and says why.
  [[nodiscard]] Topology build() const;

 private:
  using FactoryPtr = topology::NodeFactoryPtr;

  template <class F>
  static constexpr bool supplies = ProcessorSupplier<F> || FixedKeyProcessorSupplier<F>;
  template <class F>
  static void check_supplier() {
    static_assert(supplies<F>,
                  "a processor is made by a function that returns a new Processor or "
                  "FixedKeyProcessor at each call, by value or as a std::unique_ptr");
  }
  template <class Options>
  static processor::BoundaryTypes types_of(const Options& options) {
    return processor::BoundaryTypes::of(options.key_serde, options.value_serde);
  }
  template <class K, class V>
  static FactoryPtr source_factory(SourceOptions<K, V> options) {
    return processor::make_factory<processor::SourceNode<K, V>>(
        {std::move(options.key_serde), std::move(options.value_serde),
         std::move(options.timestamp_extractor)});
  }
  template <class K, class V, class Topic>
  static FactoryPtr sink_factory(Topic topic, SinkOptions<K, V> options) {
    return processor::make_factory<processor::SinkNode<K, V, Topic>>(
        {std::move(topic), std::move(options.key_serde), std::move(options.value_serde),
         std::move(options.partitioner)});
  }
  template <class F>
  static FactoryPtr processor_factory(F supplier) {
    return processor::make_factory<processor::ProcessNodeOf<processor::Supplied<F>, F>>(
        {std::move(supplier)});
  }

  void add_source_node(std::string name, Names topics, topology::AutoOffsetReset reset,
                       const processor::BoundaryTypes& types, FactoryPtr factory);
  void add_pattern_source_node(std::string name, TopicPattern pattern,
                               topology::AutoOffsetReset reset,
                               const processor::BoundaryTypes& types, FactoryPtr factory);
  void add_processor_node(std::string name, FactoryPtr factory, Names parents,
                          std::vector<UsedStore> stores);
  void add_sink_node(std::string name, std::optional<std::string> topic, Names parents,
                     const processor::BoundaryTypes& types, FactoryPtr factory);
  void add_global_store_nodes(const UsedStore& store, const processor::BoundaryTypes& types,
                              topology::PlanBuilder::GlobalStore parts);
  void add_read_only_store_nodes(const UsedStore& store, const processor::BoundaryTypes& types,
                                 topology::PlanBuilder::GlobalStore parts);

  topology::PlanBuilder plan_;
};

}  // namespace moldau::inline v0
