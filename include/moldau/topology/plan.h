#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"
#include "moldau/processor/node.h"
#include "moldau/state/store_serdes.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/topology_config.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

// What a topology is once it is built: values that every task reads and nothing changes.
namespace moldau::inline v0::topology {

enum class NodeKind : std::uint8_t { source, processor, sink };

// Where a source starts when the group has no committed offset for a partition.
enum class AutoOffsetReset : std::uint8_t {
  from_config,  // `auto.offset.reset`
  earliest,
  latest,
  none,  // stop with an error
};

// One step of the graph, in the order of the reference's node list ("write order").
struct NodeSpec {
  std::string name;
  NodeKind kind = NodeKind::processor;
  std::vector<std::string> parents;  // names, in the order they were declared
  std::vector<std::string> stores;   // names of the stores connected to it
  std::vector<std::string> topics;   // source: at least one; sink: one, none if it is computed
  AutoOffsetReset reset = AutoOffsetReset::from_config;
  std::shared_ptr<const processor::NodeFactory> factory;  // shared by all tasks; immutable
  // A source of all topics whose whole name matches this expression: it has no topics until
  // resolve_patterns() has looked at those that exist.
  std::optional<std::string> pattern = {};
  // Belongs to a global store: runs once in the application, over all partitions of its topic, and
  // in no task.
  bool global = false;
};

// A store with its place in the topology.
struct StorePlan {
  state::StoreSpec spec;
  // The topic that already holds what the changelog would (`reuse.ktable.source.topics`, read-only
  // and global stores); nullopt: the store has a changelog of its own, if spec.logging.
  std::optional<std::string> source_topic;
  // How processors that open the store by name read it; nullptr if it is not known.
  state::StoreSerdesPtr serdes = nullptr;
  // One for the whole application, read by all tasks.
  bool global = false;
  // A global store that its processor fills in its own way: restoring it means to run the processor
  // over the topic again, not to copy the topic's records.
  bool reprocessed = false;
};

// A topic between two sub-topologies that the library owns. Name without the application id.
struct RepartitionTopicPlan {
  std::string name;
  std::optional<std::int32_t> partitions;  // fixed by the user; nullopt: derived
};

// A connected part of the graph: what one task runs, for one partition. Or a global store with the
// source and the processor that fill it, which has a number but no tasks.
struct SubtopologyPlan {
  SubtopologyId id;
  bool global = false;
  std::vector<std::size_t> nodes;   // indices into TopologyPlan::nodes, in write order
  std::vector<std::size_t> stores;  // indices into TopologyPlan::stores, in creation order: of the
                                    // first node that uses each, then as connected there
  // Topics whose partition counts must agree, without the application id.
  std::vector<std::vector<std::string>> copartition_groups;
};

struct TopologyPlan {
  std::vector<NodeSpec> nodes;
  std::vector<StorePlan> stores;
  std::vector<RepartitionTopicPlan> repartition_topics;
  std::vector<SubtopologyPlan> subtopologies;  // by id
  // How the program was built; nullopt: there was no program, the nodes were put together one by
  // one.
  std::optional<TopologyConfig> built_with = {};

  // nullptr if there is none.
  [[nodiscard]] MOLDAU_EXPORT const NodeSpec* find_node(std::string_view name) const;
  [[nodiscard]] MOLDAU_EXPORT const StorePlan* find_store(std::string_view name) const;
  [[nodiscard]] MOLDAU_EXPORT const RepartitionTopicPlan* find_repartition_topic(
      std::string_view name) const;

  [[nodiscard]] MOLDAU_EXPORT bool has_global_stores() const;
  [[nodiscard]] MOLDAU_EXPORT bool has_pattern_sources() const;
};

// The same topology for a cluster with these topics: sources by pattern read those of them that
// match, in the order of their names. Throws TopologyError naming a source by pattern that would
// read no topic, or one that another source reads too.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<const TopologyPlan> resolve_patterns(
    const TopologyPlan& plan, std::span<const std::string> topics);

// `<application.id>-<topic>`: what the library's own topics are called in the cluster.
[[nodiscard]] MOLDAU_EXPORT std::string internal_topic_name(std::string_view application_id,
                                                            std::string_view topic);
// `<application.id>-<store>-changelog`.
[[nodiscard]] MOLDAU_EXPORT std::string changelog_topic_name(std::string_view application_id,
                                                             std::string_view store);

}  // namespace moldau::inline v0::topology
