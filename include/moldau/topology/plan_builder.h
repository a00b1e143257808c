#pragma once

#include "moldau/export.h"
#include "moldau/processor/node.h"
#include "moldau/state/store_serdes.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/plan.h"
#include "moldau/topology/topology.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::topology {

using NodeFactoryPtr = std::shared_ptr<const processor::NodeFactory>;

// Puts a topology together from nodes, node by node: what the DSL is lowered to. Parents come
// before their children. Every call throws TopologyError, naming what is wrong and with whom, and
// then has changed nothing. Not thread-safe.
class MOLDAU_EXPORT PlanBuilder {
 public:
  // A topic has one source. `topics` is not empty.
  void add_source(std::string name, std::vector<std::string> topics, AutoOffsetReset reset,
                  NodeFactoryPtr factory);
  // Reads every topic that matches; none of another source may.
  void add_pattern_source(std::string name, std::string pattern, AutoOffsetReset reset,
                          NodeFactoryPtr factory);
  void add_processor(std::string name, std::vector<std::string> parents, NodeFactoryPtr factory);
  // No topic: the node computes one for each record.
  void add_sink(std::string name, std::optional<std::string> topic,
                std::vector<std::string> parents, NodeFactoryPtr factory);

  // Adding a store again is allowed if it is described in the same way.
  void add_state_store(const state::StoreSpec& store, const state::StoreSerdesPtr& serdes = {});
  // Lets a processor use a store. Processors that share a store run in one task.
  void connect_store(std::string_view processor, std::string_view store);
  // The topic already holds what the store's changelog would: it gets no changelog of its own.
  void use_as_changelog(std::string_view store, std::string topic);

  // A store for the whole application, and what fills it from a topic.
  struct GlobalStore {
    std::string source_name;
    std::string topic;
    NodeFactoryPtr source;
    std::string processor_name;
    NodeFactoryPtr processor;
    state::StoreSpec store;  // never has a changelog of its own
    state::StoreSerdesPtr serdes = nullptr;
    bool reprocessed = false;  // see StorePlan
  };
  void add_global_store(GlobalStore global);

  // Says that the library owns a topic. No partitions: derived from what is written into it.
  void add_repartition_topic(std::string name, std::optional<std::int32_t> partitions);
  // The topics of these sources must have one partition count. Groups with a topic in common are
  // one.
  void copartition(std::vector<std::string> sources);

  // Also checks that each node takes what its parents emit, and that suppliers of processors give
  // something.
  [[nodiscard]] Topology build(const std::optional<TopologyConfig>& built_with = {}) const;

 private:
  void check_new_node(std::string_view name) const;
  void check_new_topic(std::string_view topic, std::string_view source) const;
  void check_parents(std::string_view name, std::span<const std::string> parents) const;
  void check_copartitioning(std::span<const std::vector<std::string>> groups) const;
  [[nodiscard]] std::size_t index_of(std::string_view node) const;
  [[nodiscard]] std::vector<std::vector<std::string>> copartitioned_topics() const;
  [[nodiscard]] std::vector<SubtopologyPlan> subtopologies() const;
  void check_nodes() const;

  TopologyPlan plan_;
  std::vector<std::vector<std::string>> copartitioned_sources_;
};

}  // namespace moldau::inline v0::topology
