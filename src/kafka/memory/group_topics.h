#pragma once

#include "moldau/base/ids.h"
#include "moldau/kafka/values.h"

#include "kafka/memory/topic_table.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// What a topology needs of the topics that exist: how many tasks it has, and which internal topics
// are to be made.
struct TopologyTopics {
  std::vector<std::string> missing_sources;  // if any: nothing else is filled in
  // Why the topics do not fit the topology; empty if they do. If not: nothing else is filled in.
  std::string mismatch;
  std::map<SubtopologyId, std::int32_t> tasks;
  std::vector<NewTopic> to_create;
};

// Derives the partition counts of internal topics from the source topics, as the group coordinator
// does: a repartition topic has as many as the largest input of those who write it, unless it is
// copartitioned or says so itself; a changelog has one per task.
[[nodiscard]] TopologyTopics plan_topics(std::span<const Subtopology> subtopologies,
                                         const TopicTable& topics);

}  // namespace moldau::inline v0::kafka::memory
