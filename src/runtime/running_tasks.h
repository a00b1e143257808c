#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/kafka/values.h"

#include "runtime/stream_task.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::runtime {

// What the running tasks of a thread come to together.

[[nodiscard]] bool any_commit_needed(std::span<StreamTask* const> tasks);
[[nodiscard]] bool any_commit_requested(std::span<StreamTask* const> tasks);
// Committed offsets of all, as they are.
[[nodiscard]] std::vector<kafka::CommittedOffset> known_offsets(std::span<StreamTask* const> tasks);
// Writes down their caches and begins the commit of each. Gives the offsets that moved; if none
// did, all that are known: with them the coordinator finds out whether they are ours to commit.
[[nodiscard]] std::vector<kafka::CommittedOffset> begin_commit(std::span<StreamTask* const> tasks);
[[nodiscard]] std::size_t uncommitted_bytes(std::span<StreamTask* const> tasks);
// When the next wall-clock punctuation is due; nullopt if none is scheduled.
[[nodiscard]] std::optional<Timestamp> next_punctuation(std::span<StreamTask* const> tasks);

}  // namespace moldau::inline v0::runtime
