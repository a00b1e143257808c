#include "robustness/word_ledger.h"

#include <algorithm>

namespace robustness {

namespace {
constexpr std::size_t most_examples = 10;
}  // namespace

WordLedger::Entry& WordLedger::entry(std::string_view word) { return entries_[std::string{word}]; }

void WordLedger::expect_words_of(std::string_view line) {
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    if (!word.empty()) expect(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
}

void WordLedger::see(std::string_view word, std::int64_t count) {
  Entry& seen = entry(word);
  if (count <= seen.last) {
    ++seen.repeats;
  } else {
    seen.gaps += count - seen.last - 1;
  }
  seen.last = count;
}

std::int64_t WordLedger::last(std::string_view word) const {
  const auto found = entries_.find(std::string{word});
  return found == entries_.end() ? 0 : found->second.last;
}

std::int64_t WordLedger::expected_total() const {
  std::int64_t total = 0;
  for (const auto& [word, entry] : entries_) total += entry.expected;
  return total;
}

Verdict WordLedger::verdict() const {
  Verdict verdict;
  verdict.words = static_cast<std::int64_t>(entries_.size());
  for (const auto& [word, entry] : entries_) {
    verdict.lost += std::max<std::int64_t>(0, entry.expected - entry.last);
    verdict.doubled += std::max<std::int64_t>(0, entry.last - entry.expected);
    verdict.gaps += entry.gaps;
    verdict.repeats += entry.repeats;
    const bool fine = entry.expected == entry.last && entry.gaps == 0 && entry.repeats == 0;
    if (!fine && verdict.examples.size() < most_examples) {
      verdict.examples.push_back(word + ": " + std::to_string(entry.expected) +
                                 " times in the input, " + std::to_string(entry.last) +
                                 " counted, " + std::to_string(entry.gaps) + " gaps, " +
                                 std::to_string(entry.repeats) + " repeats");
    }
  }
  return verdict;
}

}  // namespace robustness
