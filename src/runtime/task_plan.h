#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"
#include "moldau/topology/plan.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::runtime {

// Everything one task is made from: the part of the topology it runs and the partitions it reads.
struct TaskPlan {
  struct Input {
    TopicPartition partition;  // full topic name
    const topology::NodeSpec* source;
  };
  struct Store {
    const topology::StorePlan* plan;
    // Where the store is restored from; nullopt if nothing keeps it.
    std::optional<TopicPartition> changelog;
    // False if the changelog is an input topic of the user's: it is read, never written.
    bool writes_changelog = false;
  };

  TaskId id;
  std::vector<const topology::NodeSpec*> nodes;  // in write order
  std::vector<Input> inputs;
  std::vector<Store> stores;  // in creation order: also the order of flushes
  std::shared_ptr<const topology::TopologyPlan> topology;  // what the pointers point into
};

using PartitionCounts = std::map<std::string, std::int32_t, std::less<>>;

// The name of a topic in the cluster: with the application id in front if the library owns it.
[[nodiscard]] std::string full_topic_name(const topology::TopologyPlan& topology,
                                          std::string_view application_id, std::string_view topic);

// The plan of one sub-topology for one partition. `counts` holds the partition count of every
// source topic; topics with fewer partitions are left out of the inputs.
[[nodiscard]] TaskPlan make_task_plan(std::shared_ptr<const topology::TopologyPlan> topology,
                                      TaskId id, std::string_view application_id,
                                      const PartitionCounts& counts);

// The plan that fills the global stores, over all partitions of their topics. Its task id is -1_-1.
// Throws TopologyError if a global topic is not in `counts`.
[[nodiscard]] MOLDAU_TESTING_EXPORT TaskPlan
make_global_task_plan(std::shared_ptr<const topology::TopologyPlan> topology,
                      std::string_view application_id, const PartitionCounts& counts);

// One task 0_0 that runs all sub-topologies over partition 0: what the test driver steps.
[[nodiscard]] MOLDAU_TESTING_EXPORT TaskPlan make_single_task_plan(
    std::shared_ptr<const topology::TopologyPlan> topology, std::string_view application_id);

}  // namespace moldau::inline v0::runtime
