#include "robustness/sequence_ledger.h"

#include <algorithm>
#include <utility>

namespace robustness {

namespace {
constexpr std::size_t most_examples = 10;
}  // namespace

void SequenceLedger::expect(std::string_view key, std::int64_t number) {
  Entry& entry = entries_[std::string{key}];
  std::vector<std::size_t>& places = entry.places[number];
  places.insert(places.begin(), entry.numbers.size());
  entry.numbers.push_back(number);
  entry.seen.push_back(false);
}

void SequenceLedger::see(std::string_view key, std::int64_t number) {
  Entry& entry = entries_[std::string{key}];
  std::vector<std::size_t>& places = entry.places[number];
  if (places.empty()) {
    ++doubled_;
    note(std::string{key} + ": " + std::to_string(number) + " came out once too often");
    return;
  }
  const std::size_t place = places.back();
  places.pop_back();
  entry.seen[place] = true;
  if (place < entry.behind_last) {
    ++reordered_;
    note(std::string{key} + ": " + std::to_string(number) + " came out after " +
         std::to_string(entry.numbers[entry.behind_last - 1]));
  }
  entry.behind_last = std::max(entry.behind_last, place + 1);
}

SequenceVerdict SequenceLedger::verdict() const {
  SequenceVerdict verdict{
      .lost = 0, .doubled = doubled_, .reordered = reordered_, .examples = examples_};
  for (const auto& [key, entry] : entries_) {
    for (std::size_t place = 0; place < entry.numbers.size(); ++place) {
      if (entry.seen[place]) continue;
      ++verdict.lost;
      if (verdict.examples.size() < most_examples) {
        verdict.examples.push_back(key + ": " + std::to_string(entry.numbers[place]) +
                                   " never came out");
      }
    }
  }
  return verdict;
}

void SequenceLedger::note(std::string text) {
  if (examples_.size() < most_examples) examples_.push_back(std::move(text));
}

}  // namespace robustness
