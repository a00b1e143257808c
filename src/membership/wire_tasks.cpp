#include "membership/wire_tasks.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

std::optional<SubtopologyId> parse(const std::string& text) {
  std::int32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number < 0) return std::nullopt;
  return SubtopologyId{number};
}

}  // namespace

std::vector<kafka::wire::TaskIds> to_wire(const kafka::TaskSet& tasks) {
  std::vector<kafka::wire::TaskIds> result;
  std::optional<SubtopologyId> last;
  for (const TaskId task : tasks) {
    if (last != task.subtopology) {
      result.push_back({.subtopology_id = std::to_string(task.subtopology.value())});
      last = task.subtopology;
    }
    result.back().partitions.push_back(task.partition.value());
  }
  return result;
}

std::optional<kafka::TaskSet> from_wire(std::span<const kafka::wire::TaskIds> tasks) {
  kafka::TaskSet result;
  for (const kafka::wire::TaskIds& part : tasks) {
    const std::optional<SubtopologyId> subtopology = parse(part.subtopology_id);
    if (!subtopology) return std::nullopt;
    for (const std::int32_t partition : part.partitions) {
      result.insert({.subtopology = *subtopology, .partition = PartitionId{partition}});
    }
  }
  return result;
}

std::optional<kafka::OwnedTasks> from_wire(std::span<const kafka::wire::TaskIds> active,
                                           std::span<const kafka::wire::TaskIds> standby) {
  std::optional<kafka::TaskSet> running = from_wire(active);
  std::optional<kafka::TaskSet> waiting = from_wire(standby);
  if (!running || !waiting) return std::nullopt;
  return kafka::OwnedTasks{.active = *std::move(running), .standby = *std::move(waiting)};
}

}  // namespace moldau::inline v0::membership
