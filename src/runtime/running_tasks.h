#pragma once

#include "moldau/base/timestamp.h"

#include "runtime/stream_task.h"

#include <cstddef>
#include <optional>
#include <span>

namespace moldau::inline v0::runtime {

// What the running tasks of a thread come to together.

[[nodiscard]] bool any_commit_needed(std::span<StreamTask* const> tasks);
[[nodiscard]] bool any_commit_requested(std::span<StreamTask* const> tasks);
[[nodiscard]] std::size_t uncommitted_bytes(std::span<StreamTask* const> tasks);
// When the next wall-clock punctuation is due; nullopt if none is scheduled.
[[nodiscard]] std::optional<Timestamp> next_punctuation(std::span<StreamTask* const> tasks);

}  // namespace moldau::inline v0::runtime
