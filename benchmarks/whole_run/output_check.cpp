#include "whole_run/output_check.h"

#include <cstring>
#include <stdexcept>
#include <unordered_map>

namespace benchmarks {

namespace {

constexpr std::size_t most_differences = 5;

// Keeps the first few, and the number of the others.
class Differences {
 public:
  void add(std::string text) {
    if (texts_.size() < most_differences) {
      texts_.push_back(std::move(text));
    } else {
      ++more_;
    }
  }

  [[nodiscard]] std::vector<std::string> take() {
    if (more_ > 0) texts_.push_back("and " + std::to_string(more_) + " more");
    return std::move(texts_);
  }

 private:
  std::vector<std::string> texts_;
  std::uint64_t more_ = 0;
};

std::string key_text(std::uint64_t key) { return "key " + std::to_string(__builtin_bswap64(key)); }

std::string but(std::uint64_t expected, std::uint64_t found) {
  return std::to_string(found) + ", expected " + std::to_string(expected);
}

// Where a record is; what every topology has in common.
void check_place(const TopicRecord& record, const KeyLedger& input, Differences& differences) {
  const std::uint64_t key = key_number(record.key);
  const KeyLedger::Entry* expected = input.find(key);
  if (expected == nullptr) {
    differences.add(key_text(key) + " is not in the input");
  } else if (record.partition != expected->partition) {
    differences.add(key_text(key) + " is in partition " + std::to_string(record.partition) +
                    ", expected " + std::to_string(expected->partition));
  }
}

class PipeCheck final : public OutputCheck {
 public:
  explicit PipeCheck(const KeyLedger& input) : input_(input) {}

  void add(const TopicRecord& record) override {
    check_place(record, input_, differences_);
    output_.add(record);
  }

  std::vector<std::string> differences() override {
    for (const auto& [key, expected] : input_.entries()) {
      const KeyLedger::Entry* found = output_.find(key);
      const std::uint64_t records = found == nullptr ? 0 : found->records;
      if (records != expected.passing) {
        differences_.add(key_text(key) + ": records " + but(expected.passing, records));
      } else if (found != nullptr && found->chain != expected.chain) {
        differences_.add(key_text(key) + ": other values, times or order");
      }
    }
    return differences_.take();
  }

 private:
  const KeyLedger& input_;
  KeyLedger output_;
  Differences differences_;
};

class CountCheck final : public OutputCheck {
 public:
  CountCheck(const KeyLedger& input, bool every_update)
      : input_(input), every_update_(every_update) {}

  void add(const TopicRecord& record) override {
    check_place(record, input_, differences_);
    const std::uint64_t key = key_number(record.key);
    const std::uint64_t count = number(record.value);
    Last& last = last_[key];
    const bool follows = every_update_ ? count == last.count + 1 : count > last.count;
    if (!follows) {
      differences_.add(key_text(key) + ": count " + std::to_string(count) + " behind " +
                       std::to_string(last.count));
    }
    last = {count, record.timestamp};
  }

  std::vector<std::string> differences() override {
    for (const auto& [key, expected] : input_.entries()) {
      const Last last = last_[key];
      if (last.count != expected.records) {
        differences_.add(key_text(key) + ": the last count is " +
                         but(expected.records, last.count));
      } else if (last.timestamp != expected.newest) {
        differences_.add(key_text(key) + ": the last count has another time");
      }
    }
    return differences_.take();
  }

 private:
  struct Last {
    std::uint64_t count = 0;
    std::int64_t timestamp = 0;
  };

  static std::uint64_t number(std::string_view value) {
    std::uint64_t number = 0;
    if (value.size() != sizeof number) throw std::runtime_error("a count is not of 8 bytes");
    std::memcpy(&number, value.data(), sizeof number);
    return __builtin_bswap64(number);
  }

  const KeyLedger& input_;
  bool every_update_;
  std::unordered_map<std::uint64_t, Last> last_;
  Differences differences_;
};

}  // namespace

std::unique_ptr<OutputCheck> make_output_check(std::string_view topology, const KeyLedger& input) {
  if (topology == "pipe") return std::make_unique<PipeCheck>(input);
  if (topology == "count") return std::make_unique<CountCheck>(input, true);
  if (topology == "count-cached") return std::make_unique<CountCheck>(input, false);
  throw std::invalid_argument("no topology " + std::string{topology});
}

}  // namespace benchmarks
