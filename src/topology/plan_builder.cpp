#include "moldau/topology/plan_builder.h"

#include "moldau/base/error.h"

#include "topology/names.h"
#include "topology/reference_order.h"
#include "topology/subtopologies.h"
#include "topology/topic_pattern.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

namespace moldau::inline v0::topology {

namespace {

std::string quoted(std::string_view name) { return "\"" + std::string{name} + "\""; }

const std::string& name_of_store(const StorePlan& store) { return store.spec.name; }

bool same_types(const state::StoreSerdesPtr& a, const state::StoreSerdesPtr& b) {
  return a == nullptr || b == nullptr ||
         (a->key_type() == b->key_type() && a->value_type() == b->value_type());
}

[[noreturn]] void refuse_global_store(std::string_view store) {
  throw TopologyError("a global store and another store are both called " + quoted(store) +
                      ": give one another name");
}

}  // namespace

void PlanBuilder::check_new_node(std::string_view name) const {
  check_name("node", name);
  if (plan_.find_node(name) != nullptr) {
    throw TopologyError("two nodes are called " + quoted(name) + ": give one another name");
  }
}

void PlanBuilder::check_parents(std::string_view name, std::span<const std::string> parents) const {
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
    if (node->global) {
      throw TopologyError(quoted(name) + " has the parent " + quoted(parent) +
                          ", which fills a global store: nothing else runs with it");
    }
  }
}

void PlanBuilder::check_new_topic(std::string_view topic, std::string_view source) const {
  check_name("source " + quoted(source) + ": topic", topic);
  for (const NodeSpec& node : plan_.nodes) {
    if (node.kind != NodeKind::source) continue;
    if (std::ranges::count(node.topics, topic) != 0) {
      throw TopologyError("topic " + quoted(topic) + " is read by " + quoted(node.name) +
                          " and by " + quoted(source) +
                          ": streams share a source if they read the same topics, but these read "
                          "different ones, or one of them is a table");
    }
    if (node.pattern && TopicPatternMatcher{node.name, *node.pattern}.matches(topic)) {
      throw TopologyError("topic " + quoted(topic) + " of " + quoted(source) +
                          " matches the pattern " + *node.pattern + " of " + quoted(node.name) +
                          ": a topic has one source");
    }
  }
}

void PlanBuilder::add_pattern_source(std::string name, std::string pattern, AutoOffsetReset reset,
                                     NodeFactoryPtr factory) {
  check_new_node(name);
  const TopicPatternMatcher matcher{name, pattern};
  for (const NodeSpec& node : plan_.nodes) {
    if (node.kind != NodeKind::source) continue;
    for (const std::string& topic : node.topics) {
      if (!matcher.matches(topic)) continue;
      throw TopologyError("the pattern " + pattern + " of " + quoted(name) + " matches topic " +
                          quoted(topic) + ", which " + quoted(node.name) +
                          " reads: a topic has one source");
    }
  }
  plan_.nodes.push_back({.name = std::move(name),
                         .kind = NodeKind::source,
                         .parents = {},
                         .stores = {},
                         .topics = {},
                         .reset = reset,
                         .factory = std::move(factory),
                         .pattern = std::move(pattern)});
}

void PlanBuilder::add_source(std::string name, std::vector<std::string> topics,
                             AutoOffsetReset reset, NodeFactoryPtr factory) {
  check_new_node(name);
  if (topics.empty()) throw TopologyError("source " + quoted(name) + " reads no topic");
  for (auto topic = topics.begin(); topic != topics.end(); ++topic) {
    check_new_topic(*topic, name);
    if (std::find(topics.begin(), topic, *topic) != topic) {
      throw TopologyError("source " + quoted(name) + " reads topic " + quoted(*topic) +
                          " twice: name each topic once");
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

void PlanBuilder::add_processor(std::string name, std::vector<std::string> parents,
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

void PlanBuilder::add_sink(std::string name, std::optional<std::string> topic,
                           std::vector<std::string> parents, NodeFactoryPtr factory) {
  check_new_node(name);
  check_parents(name, parents);
  std::vector<std::string> topics;
  if (topic) {
    check_name("sink " + quoted(name) + ": topic", *topic);
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

void PlanBuilder::add_state_store(const state::StoreSpec& store,
                                  const state::StoreSerdesPtr& serdes) {
  check_name("store", store.name);
  const auto known = std::ranges::find(plan_.stores, store.name, name_of_store);
  if (known == plan_.stores.end()) {
    plan_.stores.push_back({.spec = store, .source_topic = {}, .serdes = serdes});
    return;
  }
  if (known->global) refuse_global_store(store.name);
  if (known->spec != store || !same_types(known->serdes, serdes)) {
    throw TopologyError("two different stores are called " + quoted(store.name) +
                        ": give one another name, or describe both in the same way to share it");
  }
  if (known->serdes == nullptr) known->serdes = serdes;
}

std::size_t PlanBuilder::index_of(std::string_view node) const {
  const auto found = std::ranges::find(plan_.nodes, node, &NodeSpec::name);
  if (found == plan_.nodes.end()) {
    throw TopologyError("node " + quoted(node) + " has not been added");
  }
  return static_cast<std::size_t>(found - plan_.nodes.begin());
}

void PlanBuilder::connect_store(std::string_view processor, std::string_view store) {
  const StorePlan* known = plan_.find_store(store);
  if (known == nullptr) {
    throw TopologyError("store " + quoted(store) + ", which " + quoted(processor) +
                        " uses, has not been added");
  }
  if (known->global) {
    throw TopologyError("store " + quoted(store) + " is a global one: every processor, " +
                        quoted(processor) + " too, may read it without being connected to it");
  }
  NodeSpec& node = plan_.nodes[index_of(processor)];
  if (node.kind != NodeKind::processor) {
    throw TopologyError(quoted(processor) + " is a " +
                        (node.kind == NodeKind::source ? "source" : "sink") +
                        ": only processors use stores");
  }
  if (node.global) {
    throw TopologyError(quoted(processor) + " fills the global store " + quoted(node.stores[0]) +
                        ": it cannot use store " + quoted(store) + " of the tasks too");
  }
  if (std::ranges::count(node.stores, store) != 0) return;
  node.stores.emplace_back(store);
  // The order of stores decides the order of flushes; it is that of the reference's set.
  node.stores = hash_set_order(node.stores);
}

void PlanBuilder::use_as_changelog(std::string_view store, std::string topic) {
  for (StorePlan& plan : plan_.stores) {
    if (plan.spec.name != store) continue;
    if (plan.source_topic) {
      throw TopologyError("store " + quoted(store) + " is filled from topic " +
                          quoted(*plan.source_topic) + " and cannot be filled from " +
                          quoted(topic) + " too");
    }
    plan.spec.logging = false;
    plan.source_topic = std::move(topic);
    return;
  }
  throw TopologyError("store " + quoted(store) + " has not been added");
}

void PlanBuilder::add_global_store(GlobalStore global) {
  check_new_node(global.source_name);
  check_new_node(global.processor_name);
  if (global.source_name == global.processor_name) {
    throw TopologyError("the source and the processor of global store " +
                        quoted(global.store.name) + " are both called " +
                        quoted(global.source_name) + ": give one another name");
  }
  check_new_topic(global.topic, global.source_name);
  check_name("store", global.store.name);
  if (plan_.find_store(global.store.name) != nullptr) refuse_global_store(global.store.name);
  global.store.logging = false;
  // A record of the topic changes the store at once: there is nobody to flush a cache for.
  global.store.caching = false;
  plan_.nodes.push_back({.name = global.source_name,
                         .kind = NodeKind::source,
                         .parents = {},
                         .stores = {},
                         .topics = {global.topic},
                         .reset = AutoOffsetReset::earliest,
                         .factory = std::move(global.source),
                         .global = true});
  plan_.nodes.push_back({.name = std::move(global.processor_name),
                         .kind = NodeKind::processor,
                         .parents = {std::move(global.source_name)},
                         .stores = {global.store.name},
                         .topics = {},
                         .reset = AutoOffsetReset::from_config,
                         .factory = std::move(global.processor),
                         .global = true});
  plan_.stores.push_back({.spec = std::move(global.store),
                          .source_topic = std::move(global.topic),
                          .serdes = std::move(global.serdes),
                          .global = true,
                          .reprocessed = global.reprocessed});
}

void PlanBuilder::add_repartition_topic(std::string name, std::optional<std::int32_t> partitions) {
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

void PlanBuilder::copartition(std::vector<std::string> sources) {
  copartitioned_sources_.push_back(std::move(sources));
}

std::vector<std::vector<std::string>> PlanBuilder::copartitioned_topics() const {
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
void PlanBuilder::check_copartitioning(std::span<const std::vector<std::string>> groups) const {
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

std::vector<SubtopologyPlan> PlanBuilder::subtopologies() const {
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

// Connects one set of nodes as a task would, which compares the types at every edge, and asks each
// whether it could run.
void PlanBuilder::check_nodes() const {
  std::unordered_map<std::string_view, std::unique_ptr<processor::Node>> nodes;
  for (const NodeSpec& spec : plan_.nodes) {
    std::unique_ptr<processor::Node> node = spec.factory->make(spec.name);
    for (const std::string& parent : spec.parents) nodes.at(parent)->connect(*node);
    node->check();
    nodes.emplace(spec.name, std::move(node));
  }
}

Topology PlanBuilder::build(const std::optional<TopologyConfig>& built_with) const {
  if (std::ranges::count(plan_.nodes, NodeKind::source, &NodeSpec::kind) == 0) {
    throw TopologyError("the topology has no source: there is nothing to process");
  }
  check_nodes();
  auto plan = std::make_shared<TopologyPlan>(plan_);
  plan->subtopologies = subtopologies();
  plan->built_with = built_with;
  return Topology{std::move(plan)};
}

}  // namespace moldau::inline v0::topology
