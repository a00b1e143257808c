// The least that a count per key on librdkafka and RocksDB does: each record sends its key's new
// count to a changelog and to the output. Counts are kept in a table in memory; RocksDB is read
// when a key first shows up, and written in one batch at a commit.
//
//   limit_count --in TOPIC --out TOPIC --changelog TOPIC --state FOLDER --records N
//               [--transaction-ms MS]

#include "whole_run/arguments.h"
#include "whole_run/limit_sink.h"
#include "whole_run/limit_source.h"
#include "whole_run/partition_stores.h"
#include "whole_run/stat_line.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <unordered_map>

namespace {

using benchmarks::Arguments;
using benchmarks::LimitSink;
using benchmarks::LimitSource;
using benchmarks::TopicHandle;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_dirty_keys = 100'000;

static_assert(std::endian::native == std::endian::little);
using Number = std::array<char, sizeof(std::uint64_t)>;

Number big_endian(std::uint64_t number) { return std::bit_cast<Number>(__builtin_bswap64(number)); }

std::uint64_t from_big_endian(const char* bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return __builtin_bswap64(number);
}

rocksdb::Slice slice(const Number& number) { return {number.data(), number.size()}; }

// The counts of one partition.
class Counts {
 public:
  struct Entry {
    std::uint64_t count = 0;
    std::int64_t timestamp = 0;  // the highest
    bool dirty = false;
  };

  explicit Counts(rocksdb::DB& database) : database_(database) {}

  const Entry& add(const Number& key, std::int64_t timestamp) {
    const auto [found, fresh] = entries_.try_emplace(std::bit_cast<std::uint64_t>(key));
    Entry& entry = found->second;
    if (fresh) entry.count = load(key);
    ++entry.count;
    entry.timestamp = std::max(entry.timestamp, timestamp);
    if (!entry.dirty) {
      entry.dirty = true;
      ++dirty_;
    }
    return entry;
  }

  [[nodiscard]] bool full() const noexcept { return dirty_ >= most_dirty_keys; }

  void write() {
    for (auto& [key, entry] : entries_) {
      if (!entry.dirty) continue;
      batch_.Put(slice(std::bit_cast<Number>(key)), slice(big_endian(entry.count)));
      entry.dirty = false;
    }
    rocksdb::WriteOptions options;
    options.disableWAL = true;  // the changelog is the log
    if (!database_.Write(options, &batch_).ok()) throw std::runtime_error("RocksDB does not write");
    batch_.Clear();
    dirty_ = 0;
    if (entries_.size() > most_dirty_keys) entries_.clear();
  }

 private:
  std::uint64_t load(const Number& key) {
    value_.Reset();
    const rocksdb::Status status =
        database_.Get(rocksdb::ReadOptions{}, database_.DefaultColumnFamily(), slice(key), &value_);
    return status.ok() ? from_big_endian(value_.data()) : 0;
  }

  rocksdb::DB& database_;
  std::unordered_map<std::uint64_t, Entry> entries_;  // by the bytes of the key
  std::size_t dirty_ = 0;
  rocksdb::WriteBatch batch_;
  rocksdb::PinnableSlice value_;
};

class CountRun {
 public:
  explicit CountRun(const Arguments& arguments)
      : records_(arguments.number("records")),
        source_(arguments.text("in")),
        sink_(source_, interval(arguments)),
        changelog_(sink_.topic(arguments.text("changelog"))),
        out_(sink_.topic(arguments.text("out"))),
        stores_(arguments.text("state")) {}

  void run() {
    std::int64_t done = 0;
    Clock::time_point first;
    while (done < records_) {
      const std::size_t taken = source_.take(
          sink_.patience(), [this](const rd_kafka_message_t& message) { count(message); });
      if (done == 0 && taken > 0) first = Clock::now();
      done += static_cast<std::int64_t>(taken);
      const bool due = done < records_ && sink_.commit_due();
      write(due);
      if (due) sink_.commit(false);
    }
    write(true);
    sink_.commit(true);
    benchmarks::print_stat_line(done, Clock::now() - first, sink_.commit_note());
    stores_.close();
    // Leaving the group and taking the clients down is no part of the least.
    std::_Exit(0);
  }

 private:
  static std::optional<std::chrono::milliseconds> interval(const Arguments& arguments) {
    const std::int64_t ms = arguments.number_or("transaction-ms", -1);
    return ms < 0 ? std::nullopt : std::optional{std::chrono::milliseconds{ms}};
  }

  void count(const rd_kafka_message_t& message) {
    if (message.key_len != sizeof(Number)) throw std::runtime_error("a key is not of 8 bytes");
    Number key;
    std::memcpy(key.data(), message.key, key.size());
    const Counts::Entry& entry =
        counts_of(message.partition).add(key, benchmarks::timestamp_of(message));
    const Number value = big_endian(entry.count);
    for (const TopicHandle* topic : {&changelog_, &out_}) {
      sink_.send(topic->get(), message.partition, std::as_bytes(std::span{key}),
                 std::as_bytes(std::span{value}), entry.timestamp);
    }
  }

  Counts& counts_of(std::int32_t partition) {
    const auto found = counts_.find(partition);
    if (found != counts_.end()) return found->second;
    return counts_.try_emplace(partition, stores_.open(partition)).first->second;
  }

  void write(bool all) {
    for (auto& [partition, counts] : counts_) {
      if (all || counts.full()) counts.write();
    }
  }

  std::int64_t records_;
  LimitSource source_;
  LimitSink sink_;
  TopicHandle changelog_;
  TopicHandle out_;
  benchmarks::PartitionStores stores_;
  std::map<std::int32_t, Counts> counts_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    CountRun{
        Arguments{argc, argv, {"in", "out", "changelog", "state", "records", "transaction-ms"}}}
        .run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit_count: %s\n", error.what());
    return 1;
  }
}
