#include "runtime/task_plan.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

TaskPlan::Store plan_store(const topology::TopologyPlan& topology, const topology::StorePlan& store,
                           std::string_view application_id, PartitionId partition) {
  TaskPlan::Store planned{.plan = &store, .changelog = {}, .writes_changelog = false};
  if (store.source_topic) {
    planned.changelog = {full_topic_name(topology, application_id, *store.source_topic), partition};
  } else if (store.spec.logging) {
    planned.changelog = {topology::changelog_topic_name(application_id, store.spec.name),
                         partition};
    planned.writes_changelog = true;
  }
  return planned;
}

void add_inputs(TaskPlan& plan, const topology::NodeSpec& node, std::string_view application_id) {
  if (node.kind != topology::NodeKind::source) return;
  for (const std::string& topic : node.topics) {
    plan.inputs.push_back(
        {{full_topic_name(*plan.topology, application_id, topic), plan.id.partition}, &node});
  }
}

}  // namespace

std::string full_topic_name(const topology::TopologyPlan& topology, std::string_view application_id,
                            std::string_view topic) {
  return topology.find_repartition_topic(topic) != nullptr
             ? topology::internal_topic_name(application_id, topic)
             : std::string{topic};
}

TaskPlan make_task_plan(std::shared_ptr<const topology::TopologyPlan> topology, TaskId id,
                        std::string_view application_id, const PartitionCounts& counts) {
  TaskPlan plan{.id = id, .nodes = {}, .inputs = {}, .stores = {}, .topology = std::move(topology)};
  const auto part = std::ranges::find(plan.topology->subtopologies, id.subtopology,
                                      &topology::SubtopologyPlan::id);
  MOLDAU_ASSERT(part != plan.topology->subtopologies.end());
  for (const std::size_t index : part->nodes) {
    const topology::NodeSpec& node = plan.topology->nodes[index];
    plan.nodes.push_back(&node);
    add_inputs(plan, node, application_id);
  }
  std::erase_if(plan.inputs, [&](const TaskPlan::Input& input) {
    const auto count = counts.find(input.partition.topic);
    return count == counts.end() || input.partition.partition.value() >= count->second;
  });
  for (const std::size_t index : part->stores) {
    plan.stores.push_back(
        plan_store(*plan.topology, plan.topology->stores[index], application_id, id.partition));
  }
  return plan;
}

TaskPlan make_global_task_plan(std::shared_ptr<const topology::TopologyPlan> topology,
                               std::string_view application_id, const PartitionCounts& counts) {
  TaskPlan plan{.id = {.subtopology = SubtopologyId{-1}, .partition = PartitionId{-1}},
                .nodes = {},
                .inputs = {},
                .stores = {},
                .topology = std::move(topology)};
  for (const topology::NodeSpec& node : plan.topology->nodes) {
    if (!node.global) continue;
    plan.nodes.push_back(&node);
    for (const std::string& topic : node.topics) {
      const auto count = counts.find(topic);
      if (count == counts.end()) {
        throw TopologyError("topic \"" + topic + "\" of the global store behind \"" + node.name +
                            "\" does not exist: create it before " + std::string{application_id} +
                            " starts");
      }
      for (std::int32_t partition = 0; partition < count->second; ++partition) {
        plan.inputs.push_back({{topic, PartitionId{partition}}, &node});
      }
    }
    for (const std::string& store : node.stores) {
      plan.stores.push_back(
          {.plan = plan.topology->find_store(store), .changelog = {}, .writes_changelog = false});
    }
  }
  return plan;
}

TaskPlan make_single_task_plan(std::shared_ptr<const topology::TopologyPlan> topology,
                               std::string_view application_id) {
  TaskPlan plan{.id = {}, .nodes = {}, .inputs = {}, .stores = {}, .topology = std::move(topology)};
  std::vector<std::string_view> stores;
  for (const topology::NodeSpec& node : plan.topology->nodes) {
    if (node.global) continue;
    plan.nodes.push_back(&node);
    add_inputs(plan, node, application_id);
    for (const std::string& store : node.stores) {
      if (std::ranges::find(stores, store) == stores.end()) stores.push_back(store);
    }
  }
  for (const std::string_view name : stores) {
    plan.stores.push_back(plan_store(*plan.topology, *plan.topology->find_store(name),
                                     application_id, PartitionId{0}));
  }
  return plan;
}

}  // namespace moldau::inline v0::runtime
