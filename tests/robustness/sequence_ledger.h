#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace robustness {

// What became of numbered things that were to come out once each, those of a key in their order.
struct SequenceVerdict {
  std::int64_t lost = 0;
  std::int64_t doubled = 0;
  std::int64_t reordered = 0;         // came out for the first time after a later one
  std::vector<std::string> examples;  // the first few that went wrong
};

// Keeps, for each key, the numbers of the input in order, and which of them came out.
class SequenceLedger {
 public:
  // The next number of a key. The same number twice means that it must come out twice.
  void expect(std::string_view key, std::int64_t number);
  // The next number that came out for a key.
  void see(std::string_view key, std::int64_t number);

  [[nodiscard]] SequenceVerdict verdict() const;

 private:
  struct Entry {
    std::vector<std::int64_t> numbers;
    std::vector<bool> seen;
    // Places of a number, the last one first, as far as they have not been seen.
    std::unordered_map<std::int64_t, std::vector<std::size_t>> places;
    std::size_t behind_last = 0;  // the place behind the last one that was seen
  };
  void note(std::string text);

  std::unordered_map<std::string, Entry> entries_;
  std::int64_t doubled_ = 0;
  std::int64_t reordered_ = 0;
  std::vector<std::string> examples_;
};

}  // namespace robustness
