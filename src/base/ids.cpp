#include "moldau/base/ids.h"

namespace moldau::inline v0 {

std::string to_string(const TopicPartition& partition) {
  return partition.topic + "-" + std::to_string(partition.partition.value());
}

std::string to_string(TaskId task) {
  return std::to_string(task.subtopology.value()) + "_" + std::to_string(task.partition.value());
}

std::optional<TaskId> parse_task_id(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::int32_t> {
    std::int32_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || stop != end || value < 0) return std::nullopt;
    return value;
  };
  const std::size_t underscore = text.find('_');
  if (underscore == std::string_view::npos) return std::nullopt;
  const auto subtopology = number(text.substr(0, underscore));
  const auto partition = number(text.substr(underscore + 1));
  if (!subtopology || !partition) return std::nullopt;
  const TaskId task{SubtopologyId{*subtopology}, PartitionId{*partition}};
  // One text for one task: a folder named 00_3 or -0_3 is not ours.
  if (to_string(task) != text) return std::nullopt;
  return task;
}

}  // namespace moldau::inline v0
