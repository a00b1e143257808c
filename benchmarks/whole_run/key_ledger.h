#pragma once

#include "whole_run/topic_reader.h"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <unordered_map>

namespace benchmarks {

// What a topic holds, by key: enough to tell whether the output of a program is the one its input
// asks for. Filled from the input topic once, and saved, because every run is checked against it.
class KeyLedger {
 public:
  struct Entry {
    std::uint64_t records = 0;
    // Those with a value that is not empty: the ones that pass the filter of `pipe`.
    std::uint64_t passing = 0;
    // Depends on values and times of the passing ones, and on their order.
    std::uint64_t chain = 0;
    std::int64_t newest = 0;  // highest time
    std::int32_t partition = 0;
  };

  // REQUIRES: the key has 8 bytes; anything else throws std::runtime_error.
  void add(const TopicRecord& record);

  [[nodiscard]] const Entry* find(std::uint64_t key) const;
  [[nodiscard]] const std::unordered_map<std::uint64_t, Entry>& entries() const { return entries_; }

  void save(const std::filesystem::path& file) const;
  [[nodiscard]] static KeyLedger load(const std::filesystem::path& file);

 private:
  std::unordered_map<std::uint64_t, Entry> entries_;  // by the bytes of the key
};

[[nodiscard]] std::uint64_t key_number(std::string_view key);

}  // namespace benchmarks
