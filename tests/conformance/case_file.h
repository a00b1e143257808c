#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"
#include "moldau/testing/test_record.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace moldau::conformance {

// One recorded run of the reference (FORMAT.md).
struct Step {
  std::optional<testing::RawTestRecord> pipe;  // one of the two
  std::optional<std::chrono::milliseconds> advance_wall_clock;
  std::vector<testing::RawTestRecord> expect;
  std::uint64_t dropped = 0;
};

struct StoreDump {
  struct Entry {
    ByteBuffer key;
    std::optional<ByteBuffer> value;
    std::optional<Timestamp> timestamp;
    std::optional<Timestamp> window_start;
    std::optional<Timestamp> window_end;
    std::optional<Timestamp> valid_to;
    Headers headers;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::string kind;
  std::string format;
  std::vector<Entry> entries;
  std::size_t records = 0;  // of a buffer, instead of entries
};

struct Case {
  std::string file;
  std::string topology;
  std::string tier;
  std::string describe;
  std::map<std::string, std::string> config;
  Timestamp initial_wall_clock;
  std::vector<std::string> per_key_topics;
  std::vector<Step> steps;
  std::map<std::string, StoreDump> stores;
  std::uint64_t dropped_total = 0;
};

// Throws std::runtime_error naming the file if it is not a case.
[[nodiscard]] Case read_case(const std::filesystem::path& file);

}  // namespace moldau::conformance
