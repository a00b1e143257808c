// Ranges of a RocksDB with many files, one after the other and several at a time, beside those of a
// std::map. The iterators behind them are used again, with other bounds, until something is
// written.

#include "store_fixture.h"
#include "test_seed.h"

#include <gtest/gtest.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <map>
#include <random>

namespace moldau::state {
namespace {

using Rows = std::map<std::string, std::string>;

class RocksDbRanges : public ::testing::Test {
 protected:
  std::string draw_key() {
    std::string key(1 + draw(3), '\0');
    for (char& each : key)
      each = static_cast<char>(
          "\x00\x01"
          "ab\xff"[draw(5)]);
    return key;
  }
  std::size_t draw(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
  }

  // The same to both. Values are so large that a few batches fill a file.
  void write_some() {
    std::vector<std::string> keep;
    keep.reserve(64);
    std::vector<StorageWrite> writes;
    const std::string& from = keep.emplace_back(draw_key());
    const std::string& up_to = keep.emplace_back(draw_key());
    if (from < up_to && draw(2) == 0) {
      writes.push_back({bytes(from), std::nullopt, bytes(up_to)});
      rows_.erase(rows_.lower_bound(from), rows_.lower_bound(up_to));
    }
    for (int i = 0; i < 20; ++i) {
      const std::string& key = keep.emplace_back(draw_key());
      if (draw(3) == 0) {
        writes.push_back({bytes(key), std::nullopt});
        rows_.erase(key);
        continue;
      }
      const std::string& value = keep.emplace_back(draw(4'000), static_cast<char>('a' + draw(26)));
      writes.push_back({bytes(key), bytes(value)});
      rows_[key] = value;
    }
    map_->apply(writes, std::nullopt);
  }

  ByteRange draw_range() {
    ByteRange range;
    if (draw(8) != 0) range.from.emplace(bytes(draw_key()));
    if (draw(8) != 0) range.to.emplace(bytes(draw_key()));
    range.to_exclusive = draw(2) == 0;
    return range;
  }
  Entries expected(const ByteRange& range, Direction direction) const {
    Entries entries;
    for (const auto& [key, value] : rows_) {
      if (range.contains(bytes(key))) entries.emplace_back(key, value);
    }
    if (direction == Direction::backward) std::ranges::reverse(entries);
    return entries;
  }

  struct Reading {
    std::unique_ptr<BytesIterator> at;
    Entries expected;
    std::size_t read = 0;
  };
  Reading begin_one() {
    const ByteRange range = draw_range();
    const Direction direction = draw(2) == 0 ? Direction::forward : Direction::backward;
    return {map_->range(range, direction), expected(range, direction)};
  }
  static void read_one(Reading& reading) {
    const bool more = reading.read < reading.expected.size();
    ASSERT_EQ(reading.at->valid(), more);
    if (!more) return;
    EXPECT_EQ(reading.at->key().text(), reading.expected[reading.read].first);
    EXPECT_EQ(reading.at->value().text(), reading.expected[reading.read].second);
    reading.at->next();
    ++reading.read;
  }

  std::mt19937_64 random_{test_seed()};
  TemporaryFolder folder_;
  std::shared_ptr<Storage> storage_ =
      with_rocksdb_options(make_rocksdb_storage(), [](std::string_view, rocksdb::Options& options) {
        options.write_buffer_size = 64U << 10;
        options.target_file_size_base = 64U << 10;
      });
  std::unique_ptr<StorageMap> map_ = storage_->open(folder_.path() / "store");
  Rows rows_;
};

TEST_F(RocksDbRanges, ShowWhatWasWrittenLastInWhateverOrderTheyAreRead) {
  for (int round = 0; round < 60; ++round) {
    write_some();
    std::vector<Reading> open;
    for (int step = 0; step < 150; ++step) {
      // Most are over, or dropped, before the next one begins.
      if (open.empty() || (open.size() < 3 && draw(20) == 0)) open.push_back(begin_one());
      Reading& reading = open[draw(open.size())];
      ASSERT_NO_FATAL_FAILURE(read_one(reading)) << "round " << round;
      if (reading.read == reading.expected.size() || draw(6) == 0) {
        std::swap(reading, open.back());
        open.pop_back();
      }
    }
  }
}

TEST_F(RocksDbRanges, GoOnAsTheyBeganIfSomethingIsWritten) {
  for (int round = 0; round < 60; ++round) {
    write_some();
    Reading before = begin_one();
    const Entries whole = before.expected;
    write_some();
    Reading after = begin_one();
    while (before.read < whole.size()) ASSERT_NO_FATAL_FAILURE(read_one(before));
    while (after.read < after.expected.size()) ASSERT_NO_FATAL_FAILURE(read_one(after));
  }
}

}  // namespace
}  // namespace moldau::state
