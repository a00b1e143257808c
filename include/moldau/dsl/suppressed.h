#pragma once

#include "moldau/export.h"
#include "moldau/processor/suppression.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

// What KTable::suppress() can be told.
namespace moldau::inline v0 {

// What happens when a buffer holds more than it may.
enum class WhenFull : std::uint8_t {
  emit_early,  // the changes that have waited longest are handed on, as many as are too many
  shut_down,   // it is a processing error, which by default ends the application
};

// How much may be held back until a time limit.
struct BufferConfig {
  // Number of keys. Default: no limit.
  std::optional<std::size_t> max_records = {};
  // Bytes of keys, values and headers, with a small allowance for each change; the memory in use is
  // about twice that. Default: no limit.
  std::optional<std::size_t> max_bytes = {};
  WhenFull when_full = WhenFull::emit_early;
  // Keep a changelog topic to rebuild the buffer from. Off: what is held back is lost when the
  // application stops or a task moves.
  bool logging = true;
  // Settings of the changelog topic, over those of the library and of the configuration.
  std::map<std::string, std::string> changelog_config = {};
};

// How much may be held back until a window closes. Nothing ever leaves early: more than it may hold
// is a processing error, which by default ends the application.
struct StrictBufferConfig {
  std::optional<std::size_t> max_records = {};
  std::optional<std::size_t> max_bytes = {};
  bool logging = true;
  std::map<std::string, std::string> changelog_config = {};
};

struct UntilTimeLimit {
  // Event time since the first change of a key that is held back. 0: whatever is not ahead of the
  // table's time is handed on at once.
  std::chrono::milliseconds wait;
  BufferConfig buffer = {};
};

struct UntilWindowCloses {
  StrictBufferConfig buffer = {};
};

[[nodiscard]] inline UntilTimeLimit until_time_limit(std::chrono::milliseconds wait,
                                                     BufferConfig buffer = {}) {
  return {wait, std::move(buffer)};
}
[[nodiscard]] inline UntilWindowCloses until_window_closes(StrictBufferConfig buffer = {}) {
  return {std::move(buffer)};
}

namespace dsl {

// The buffer of suppress() without its limits.
struct BufferOptions {
  bool logging;
  std::map<std::string, std::string> changelog_config;
};

// Throws TopologyError if the time is negative.
[[nodiscard]] MOLDAU_EXPORT processor::SuppressionRules suppression_rules(
    const UntilTimeLimit& until);
[[nodiscard]] MOLDAU_EXPORT processor::SuppressionRules suppression_rules(
    const UntilWindowCloses& until, const processor::EventTimeWait& closing);

}  // namespace dsl
}  // namespace moldau::inline v0
