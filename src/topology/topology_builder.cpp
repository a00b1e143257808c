#include "moldau/topology/topology_builder.h"

#include "moldau/base/error.h"

#include "topology/names.h"
#include "topology/reference_order.h"
#include "topology/subtopologies.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

namespace moldau::inline v0::topology {

namespace {

std::string quoted(std::string_view name) { return "\"" + std::string{name} + "\""; }

}  // namespace

void TopologyBuilder::check_new_node(std::string_view name) const {
  check_name("node", name);
  if (plan_.find_node(name) != nullptr) {
    throw TopologyError("two nodes are called " + quoted(name) + ": give one another name");
  }
}

void TopologyBuilder::check_parents(std::string_view name,
                                    std::span<const std::string> parents) const {
  if (parents.empty()) throw TopologyError(quoted(name) + " has no parent");
  for (const std::string& parent : parents) {
    if (parent == name) throw TopologyError(quoted(name) + " is its own parent");
    const NodeSpec* node = plan_.find_node(parent);
    if (node == nullptr) {
      throw TopologyError(quoted(name) + " has the parent " + quoted(parent) +
                          ", which has not been added");
    }
    if (node->kind == NodeKind::sink) {
      throw TopologyError(quoted(name) + " has the parent " + quoted(parent) +
                          ", which is a sink: nothing comes out of a sink");
    }
  }
}

void TopologyBuilder::add_source(std::string name, std::vector<std::string> topics,
                                 AutoOffsetReset reset, NodeFactoryPtr factory) {
  check_new_node(name);
  if (topics.empty()) throw TopologyError("source " + quoted(name) + " reads no topic");
  for (const std::string& topic : topics) {
    check_name("topic", topic);
    for (const NodeSpec& node : plan_.nodes) {
      if (node.kind != NodeKind::source || std::ranges::count(node.topics, topic) == 0) continue;
      throw TopologyError("topic " + quoted(topic) + " is read by " + quoted(node.name) +
                          " and by " + quoted(name) +
                          ": streams share a source if they read the same topics, but these read "
                          "different ones, or one of them is a table");
    }
  }
  plan_.nodes.push_back({.name = std::move(name),
                         .kind = NodeKind::source,
                         .parents = {},
                         .stores = {},
                         .topics = std::move(topics),
                         .reset = reset,
                         .factory = std::move(factory)});
}

void TopologyBuilder::add_processor(std::string name, std::vector<std::string> parents,
                                    NodeFactoryPtr factory) {
  check_new_node(name);
  check_parents(name, parents);
  plan_.nodes.push_back({.name = std::move(name),
                         .kind = NodeKind::processor,
                         .parents = std::move(parents),
                         .stores = {},
                         .topics = {},
                         .reset = AutoOffsetReset::from_config,
                         .factory = std::move(factory)});
}

void TopologyBuilder::add_sink(std::string name, std::optional<std::string> topic,
                               std::vector<std::string> parents, NodeFactoryPtr factory) {
  check_new_node(name);
  check_parents(name, parents);
  std::vector<std::string> topics;
  if (topic) {
    check_name("topic", *topic);
    topics.push_back(*std::move(topic));
  }
  plan_.nodes.push_back({.name = std::move(name),
                         .kind = NodeKind::sink,
                         .parents = std::move(parents),
                         .stores = {},
                         .topics = std::move(topics),
                         .reset = AutoOffsetReset::from_config,
                         .factory = std::move(factory)});
}

void TopologyBuilder::add_state_store(const state::StoreSpec& store) {
  check_name("store", store.name);
  const StorePlan* known = plan_.find_store(store.name);
  if (known == nullptr) {
    plan_.stores.push_back({.spec = store, .source_topic = {}});
  } else if (known->spec != store) {
    throw TopologyError("two different stores are called " + quoted(store.name) +
                        ": give one another name, or describe both in the same way to share it");
  }
}

std::size_t TopologyBuilder::index_of(std::string_view node) const {
  const auto found = std::ranges::find(plan_.nodes, node, &NodeSpec::name);
  if (found == plan_.nodes.end()) {
    throw TopologyError("node " + quoted(node) + " has not been added");
  }
  return static_cast<std::size_t>(found - plan_.nodes.begin());
}

void TopologyBuilder::connect_store(std::string_view processor, std::string_view store) {
  if (plan_.find_store(store) == nullptr) {
    throw TopologyError("store " + quoted(store) + ", which " + quoted(processor) +
                        " uses, has not been added");
  }
  NodeSpec& node = plan_.nodes[index_of(processor)];
  if (node.kind != NodeKind::processor) {
    throw TopologyError(quoted(processor) + " is a " +
                        (node.kind == NodeKind::source ? "source" : "sink") +
                        ": only processors use stores");
  }
  if (std::ranges::count(node.stores, store) != 0) return;
  node.stores.emplace_back(store);
  // The order of stores decides the order of flushes; it is that of the reference's set.
  node.stores = hash_set_order(node.stores);
}

void TopologyBuilder::use_as_changelog(std::string_view store, std::string topic) {
  for (StorePlan& plan : plan_.stores) {
    if (plan.spec.name != store) continue;
    plan.spec.logging = false;
    plan.source_topic = std::move(topic);
    return;
  }
  throw TopologyError("store " + quoted(store) + " has not been added");
}

void TopologyBuilder::add_repartition_topic(std::string name,
                                            std::optional<std::int32_t> partitions) {
  check_name("topic", name);
  if (partitions && *partitions < 1) {
    throw TopologyError("repartition topic " + quoted(name) + " cannot have " +
                        std::to_string(*partitions) + " partitions");
  }
  if (plan_.find_repartition_topic(name) != nullptr) {
    throw TopologyError("two repartition topics are called " + quoted(name) +
                        ": give one another name");
  }
  plan_.repartition_topics.push_back({.name = std::move(name), .partitions = partitions});
}

void TopologyBuilder::copartition(std::vector<std::string> sources) {
  copartitioned_sources_.push_back(std::move(sources));
}

std::vector<std::vector<std::string>> TopologyBuilder::copartitioned_topics() const {
  std::vector<std::vector<std::string>> groups;
  for (const std::vector<std::string>& sources : copartitioned_sources_) {
    std::vector<std::string> topics;
    for (const std::string& source : sources) {
      const std::vector<std::string>& read = plan_.nodes[index_of(source)].topics;
      topics.insert(topics.end(), read.begin(), read.end());
    }
    merge_group(groups, std::move(topics));
  }
  return groups;
}

// Topics whose partition count the user fixed must agree among themselves: what can be known before
// any broker is asked.
void TopologyBuilder::check_copartitioning(std::span<const std::vector<std::string>> groups) const {
  for (const std::vector<std::string>& group : groups) {
    const RepartitionTopicPlan* first = nullptr;
    for (const std::string& topic : group) {
      const RepartitionTopicPlan* plan = plan_.find_repartition_topic(topic);
      if (plan == nullptr || !plan->partitions) continue;
      if (first == nullptr) first = plan;
      if (plan->partitions == first->partitions) continue;
      throw TopologyError("repartition topics " + quoted(first->name) + " and " + quoted(topic) +
                          " are joined, so they need one partition count, but have " +
                          std::to_string(*first->partitions) + " and " +
                          std::to_string(*plan->partitions));
    }
  }
}

std::vector<SubtopologyPlan> TopologyBuilder::subtopologies() const {
  std::vector<SubtopologyPlan> parts = connected_parts(plan_);
  const std::vector<std::vector<std::string>> groups = copartitioned_topics();
  check_copartitioning(groups);
  for (const std::vector<std::string>& group : groups) {
    for (SubtopologyPlan& part : parts) {
      if (reads_any(plan_, part, group)) part.copartition_groups.push_back(group);
    }
  }
  return parts;
}

// Connects one set of nodes as a task would, which compares the types at every edge.
void TopologyBuilder::check_edges() const {
  std::unordered_map<std::string_view, std::unique_ptr<processor::Node>> nodes;
  for (const NodeSpec& spec : plan_.nodes) {
    std::unique_ptr<processor::Node> node = spec.factory->make(spec.name);
    for (const std::string& parent : spec.parents) nodes.at(parent)->connect(*node);
    nodes.emplace(spec.name, std::move(node));
  }
}

Topology TopologyBuilder::build() const {
  if (std::ranges::count(plan_.nodes, NodeKind::source, &NodeSpec::kind) == 0) {
    throw TopologyError("the topology has no source: there is nothing to process");
  }
  check_edges();
  auto plan = std::make_shared<TopologyPlan>(plan_);
  plan->subtopologies = subtopologies();
  return Topology{std::move(plan)};
}

}  // namespace moldau::inline v0::topology
