#include "kafka/topology_topics.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace moldau::inline v0::kafka {

namespace {

using Counts = std::map<std::string, std::int32_t>;

std::string counts_text(const std::vector<std::string>& topics, const Counts& counts) {
  std::string text;
  for (const std::string& topic : topics) {
    const auto found = counts.find(topic);
    if (found == counts.end()) continue;
    if (!text.empty()) text += ", ";
    text += topic + " has " + std::to_string(found->second);
  }
  return text;
}

// Partition counts of all source topics of a topology, given some of them.
class SourceCounts {
 public:
  SourceCounts(std::span<const Subtopology> subtopologies, Counts external)
      : subtopologies_(subtopologies), counts_(std::move(external)) {}

  // Empty: done. Otherwise why the topics do not fit.
  std::string derive() {
    for (const Subtopology& part : subtopologies_) {
      for (const InternalTopic& topic : part.repartition_source_topics) {
        if (topic.partitions > 0) counts_.insert_or_assign(topic.name, topic.partitions);
      }
    }
    // Copartitioning first: what it says about a topic comes before the size of the topic's
    // writers. Each round may tell more, because one topic's count decides another's.
    for (bool more = true; more;) {
      if (std::string mismatch = copartition(more); !mismatch.empty()) return mismatch;
      if (!more) more = derive_one();
    }
    return undecided();
  }

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

  [[nodiscard]] std::int32_t tasks(const Subtopology& part) const {
    std::int32_t tasks = 0;
    for (const std::string& topic : part.source_topics) {
      tasks = std::max(tasks, counts_.at(topic));
    }
    for (const InternalTopic& topic : part.repartition_source_topics) {
      tasks = std::max(tasks, counts_.at(topic.name));
    }
    return tasks;
  }

 private:
  // Gives the undecided topics of a copartition group the count of the decided ones.
  std::string copartition(bool& changed) {
    changed = false;
    for (const Subtopology& part : subtopologies_) {
      for (const CopartitionGroup& group : part.copartition_groups) {
        std::vector<std::string> members = group.source_topics;
        members.insert(members.end(), group.repartition_topics.begin(),
                       group.repartition_topics.end());
        std::optional<std::int32_t> agreed;
        for (const std::string& topic : members) {
          const auto known = counts_.find(topic);
          if (known == counts_.end()) continue;
          if (agreed && *agreed != known->second) {
            return "sub-topology " + std::to_string(part.id.value()) +
                   ": topics that are joined must have equally many partitions, but " +
                   counts_text(members, counts_) + ". Create them with equal counts";
          }
          agreed = known->second;
        }
        if (!agreed) continue;
        for (const std::string& topic : members) {
          changed = counts_.emplace(topic, *agreed).second || changed;
        }
      }
    }
    return {};
  }

  // The first repartition topic whose writers' inputs are all known. One at a time, so that
  // copartitioning has its say before the next.
  bool derive_one() {
    for (const Subtopology& part : subtopologies_) {
      for (const InternalTopic& topic : part.repartition_source_topics) {
        if (counts_.contains(topic.name)) continue;
        if (const std::optional<std::int32_t> count = from_writers(topic.name)) {
          counts_.emplace(topic.name, *count);
          return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] std::optional<std::int32_t> from_writers(const std::string& topic) const {
    std::optional<std::int32_t> largest;
    for (const Subtopology& part : subtopologies_) {
      if (std::ranges::find(part.repartition_sink_topics, topic) ==
          part.repartition_sink_topics.end()) {
        continue;
      }
      for (const InternalTopic& source : part.repartition_source_topics) {
        if (!counts_.contains(source.name)) return {};
      }
      largest = std::max(largest.value_or(0), tasks(part));
    }
    return largest;
  }

  [[nodiscard]] std::string undecided() const {
    for (const Subtopology& part : subtopologies_) {
      for (const InternalTopic& topic : part.repartition_source_topics) {
        if (counts_.contains(topic.name)) continue;
        return "repartition topic " + topic.name +
               ": its partition count cannot be derived, because nothing with a known count "
               "writes to it. Give it a number of partitions";
      }
    }
    return {};
  }

  std::span<const Subtopology> subtopologies_;
  Counts counts_;
};

// Adds the topic to what is to be made, unless it exists; then it must have `partitions`.
void require(const InternalTopic& topic, std::int32_t partitions, const PartitionCounts& existing,
             TopologyTopics& plan) {
  if (const std::optional<std::int32_t> found = existing(topic.name)) {
    if (*found == partitions || !plan.mismatch.empty()) return;
    plan.mismatch = "internal topic " + topic.name + " has " + std::to_string(*found) +
                    " partitions, the topology needs " + std::to_string(partitions) +
                    ". Restore the partition counts of the source topics, or reset the application";
    return;
  }
  plan.to_create.push_back({.name = topic.name,
                            .partitions = partitions,
                            .replication = topic.replication,
                            .config = topic.config});
}

}  // namespace

TopologyTopics plan_topics(std::span<const Subtopology> subtopologies,
                           const PartitionCounts& existing) {
  TopologyTopics plan;
  Counts external;
  for (const Subtopology& part : subtopologies) {
    for (const std::string& name : part.source_topics) {
      if (const std::optional<std::int32_t> count = existing(name)) {
        external.emplace(name, *count);
      } else if (std::ranges::find(plan.missing_sources, name) == plan.missing_sources.end()) {
        plan.missing_sources.push_back(name);
      }
    }
  }
  if (!plan.missing_sources.empty()) return plan;

  SourceCounts sources{subtopologies, std::move(external)};
  plan.mismatch = sources.derive();
  if (!plan.mismatch.empty()) return plan;
  for (const Subtopology& part : subtopologies) {
    const std::int32_t tasks = sources.tasks(part);
    plan.tasks.emplace(part.id, tasks);
    for (const InternalTopic& topic : part.repartition_source_topics) {
      require(topic, sources.counts().at(topic.name), existing, plan);
    }
    for (const InternalTopic& topic : part.changelog_topics) {
      // One that is a source is the user's: it exists, with a partition count of its own.
      if (std::ranges::count(part.source_topics, topic.name) != 0) continue;
      require(topic, tasks, existing, plan);
    }
  }
  if (!plan.mismatch.empty()) {
    plan.tasks.clear();
    plan.to_create.clear();
  }
  return plan;
}

}  // namespace moldau::inline v0::kafka
