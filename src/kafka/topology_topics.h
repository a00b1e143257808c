#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka {

// What a topology needs of the topics that exist: how many tasks it has, and which internal topics
// are to be made.
struct TopologyTopics {
  std::vector<std::string> missing_sources;  // if any: nothing else is filled in
  // Why the topics do not fit the topology; empty if they do. If not: nothing else is filled in.
  std::string mismatch;
  std::map<SubtopologyId, std::int32_t> tasks;
  std::vector<NewTopic> to_create;
};

// How many partitions a topic has; nullopt if there is no such topic.
using PartitionCounts = std::function<std::optional<std::int32_t>(const std::string& topic)>;

// Derives the partition counts of internal topics from the source topics, as the group coordinator
// does: a repartition topic has as many as the largest input of those who write it, unless it is
// copartitioned or says so itself; a changelog has one per task. (Exported for the broker of
// moldau::testing.)
[[nodiscard]] MOLDAU_EXPORT TopologyTopics plan_topics(std::span<const Subtopology> subtopologies,
                                                       const PartitionCounts& existing);

}  // namespace moldau::inline v0::kafka
