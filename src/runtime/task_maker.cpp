#include "runtime/task_maker.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

// Several heartbeats: a task that has not come back by then has gone elsewhere.
constexpr std::chrono::seconds longest_kept{60};

void collect_source_topics(const topology::TopologyPlan& topology, std::string_view application_id,
                           SubtopologyId id, std::vector<std::string>& topics) {
  for (const topology::SubtopologyPlan& part : topology.subtopologies) {
    if (part.id != id) continue;
    for (const std::size_t index : part.nodes) {
      const topology::NodeSpec& node = topology.nodes[index];
      if (node.kind != topology::NodeKind::source) continue;
      for (const std::string& topic : node.topics) {
        std::string name = full_topic_name(topology, application_id, topic);
        if (std::ranges::find(topics, name) == topics.end()) topics.push_back(std::move(name));
      }
    }
  }
}

}  // namespace

Result<TaskMaker::Tasks> TaskMaker::make(const kafka::TaskSet& tasks,
                                         std::chrono::milliseconds timeout) {
  if (tasks.empty()) return Tasks{};
  const std::string& application = services_.tasks.application_id;
  std::vector<std::string> topics;
  for (const TaskId id : tasks) {
    collect_source_topics(*services_.topology, application, id.subtopology, topics);
  }
  const Result<PartitionCounts> counts = services_.topics.counts(topics, timeout);
  if (!counts) return counts.error();
  for (const std::string& topic : topics) {
    if (counts->contains(topic)) continue;
    // The group has handed out tasks, so the topic exists: this broker has not heard of it yet.
    return Status::retriable(ErrorCode::unknown_topic, "topic " + topic + " is not known yet");
  }
  std::vector<TaskClaim> claims;
  for (const TaskId id : tasks) {
    std::optional<TaskClaim> claim = services_.claims.claim(id);
    if (!claim) {
      return Status::retriable(ErrorCode::locked, "task " + to_string(id) +
                                                      " is still open in another thread of this "
                                                      "process");
    }
    claims.push_back(*std::move(claim));
  }
  Tasks made;
  auto claim = claims.begin();
  for (const TaskId id : tasks) {
    if (const auto kept = kept_.find(id); kept != kept_.end()) {
      made.push_back(std::move(kept->second.task));
      kept_.erase(kept);
    } else {
      made.push_back(std::make_unique<StreamTask>(
          make_task_plan(services_.topology, id, application, *counts), services_.tasks));
    }
    made.back()->open_stores(std::move(*claim++));
  }
  return made;
}

void TaskMaker::keep(std::unique_ptr<StreamTask> task) {
  task->close_files();
  const TaskId id = task->id();
  kept_.insert_or_assign(id, Kept{std::move(task), services_.tasks.clock.steady()});
}

void TaskMaker::forget_old() {
  if (kept_.empty()) return;
  const Clock::Steady now = services_.tasks.clock.steady();
  std::erase_if(kept_, [now](const auto& kept) { return now - kept.second.since > longest_kept; });
}

}  // namespace moldau::inline v0::runtime
