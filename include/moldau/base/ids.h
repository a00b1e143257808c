#pragma once

#include "moldau/base/strong_id.h"
#include "moldau/export.h"

#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0 {

using PartitionId = StrongId<std::int32_t, struct PartitionIdTag>;
using Offset = StrongId<std::int64_t, struct OffsetTag>;
using MemberEpoch = StrongId<std::int32_t, struct MemberEpochTag>;
using SubtopologyId = StrongId<std::int32_t, struct SubtopologyIdTag>;

struct TopicPartition {
  std::string topic;
  PartitionId partition;

  friend bool operator==(const TopicPartition&, const TopicPartition&) = default;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

// `topic-3`, as the reference writes it.
[[nodiscard]] MOLDAU_EXPORT std::string to_string(const TopicPartition& partition);

// One task: a sub-topology run over one partition.
struct TaskId {
  SubtopologyId subtopology;
  PartitionId partition;

  friend bool operator==(const TaskId&, const TaskId&) = default;
  friend auto operator<=>(const TaskId&, const TaskId&) = default;
};

// `0_3`: sub-topology 0, partition 3. Part of folder names.
[[nodiscard]] MOLDAU_EXPORT std::string to_string(TaskId task);
// The inverse; nullopt for anything else.
[[nodiscard]] MOLDAU_EXPORT std::optional<TaskId> parse_task_id(std::string_view text);

}  // namespace moldau::inline v0

template <>
struct std::hash<moldau::TopicPartition> {
  std::size_t operator()(const moldau::TopicPartition& p) const noexcept {
    return std::hash<std::string>{}(p.topic) * 31 + static_cast<std::size_t>(p.partition.value());
  }
};
template <>
struct std::hash<moldau::TaskId> {
  std::size_t operator()(moldau::TaskId task) const noexcept {
    return static_cast<std::size_t>(task.subtopology.value()) * 1'000'003U +
           static_cast<std::size_t>(task.partition.value());
  }
};
