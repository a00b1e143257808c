#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace benchmarks {

// Valid during the call that gets it.
struct TopicRecord {
  std::string_view key;
  std::string_view value;  // null reads as empty
  std::int64_t timestamp = 0;
  std::int32_t partition = 0;
};

// Hands on every committed record of a topic, up to its present end; those of one partition in
// order. Throws std::runtime_error.
void read_topic(const std::string& topic, const std::function<void(const TopicRecord&)>& seen);

}  // namespace benchmarks
