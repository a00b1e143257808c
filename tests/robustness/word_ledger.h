#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace robustness {

// What a word count came to, compared with what it should have come to.
struct Verdict {
  std::int64_t words = 0;             // different ones
  std::int64_t lost = 0;              // occurrences missing from final counts
  std::int64_t doubled = 0;           // occurrences too many in final counts
  std::int64_t gaps = 0;              // counts between 1 and the final one that were never put out
  std::int64_t repeats = 0;           // counts that did not rise
  std::vector<std::string> examples;  // the first few words with something wrong
};

// Keeps, for each word, how often it occurs in the input and which counts came out for it.
class WordLedger {
 public:
  // A word of the input.
  void expect(std::string_view word) { ++entry(word).expected; }
  // Takes all words of a line: whatever is between spaces.
  void expect_words_of(std::string_view line);
  // The next count of a word, in the order of the output.
  void see(std::string_view word, std::int64_t count);

  // The last count seen; 0 if none.
  [[nodiscard]] std::int64_t last(std::string_view word) const;
  [[nodiscard]] std::int64_t expected_total() const;
  [[nodiscard]] Verdict verdict() const;

 private:
  struct Entry {
    std::int64_t expected = 0;
    std::int64_t last = 0;
    std::int64_t gaps = 0;
    std::int64_t repeats = 0;
  };
  Entry& entry(std::string_view word);

  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace robustness
