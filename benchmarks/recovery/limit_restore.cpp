// The least that restoring stores on librdkafka and RocksDB does: each record of a changelog is put
// into the store of its partition, in batches, without a write-ahead log.
//
//   limit_restore --topic CHANGELOG --state FOLDER

#include "whole_run/arguments.h"
#include "whole_run/partition_stores.h"
#include "whole_run/stat_line.h"
#include "whole_run/topic_reader.h"

#include <rocksdb/write_batch.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int batch_rows = 5'000;

class Restoration {
 public:
  explicit Restoration(const std::string& folder) : stores_(folder) {}

  void put(const benchmarks::TopicRecord& record) {
    if (records_++ == 0) first_ = Clock::now();
    rocksdb::WriteBatch& batch = batches_[record.partition];
    const rocksdb::Slice key{record.key.data(), record.key.size()};
    if (record.value.empty()) {
      batch.Delete(key);
    } else {
      batch.Put(key, {record.value.data(), record.value.size()});
    }
    if (batch.Count() >= batch_rows) write(record.partition, batch);
  }

  // Everything is in the stores; closing them comes later, as in the programs it is compared with.
  void finish() {
    for (auto& [partition, batch] : batches_) write(partition, batch);
    taken_ = Clock::now() - first_;
  }

  [[nodiscard]] std::int64_t records() const noexcept { return records_; }
  [[nodiscard]] Clock::duration taken() const noexcept { return taken_; }

 private:
  void write(std::int32_t partition, rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions options;
    options.disableWAL = true;  // the changelog is the log
    if (!stores_.open(partition).Write(options, &batch).ok()) {
      throw std::runtime_error("RocksDB does not write");
    }
    batch.Clear();
  }

  benchmarks::PartitionStores stores_;
  std::map<std::int32_t, rocksdb::WriteBatch> batches_;
  std::int64_t records_ = 0;
  Clock::time_point first_;
  Clock::duration taken_{};
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const benchmarks::Arguments arguments{argc, argv, {"topic", "state"}};
    Restoration restoration{arguments.text("state")};
    benchmarks::read_topic(arguments.text("topic"),
                           [&](const benchmarks::TopicRecord& record) { restoration.put(record); });
    restoration.finish();
    benchmarks::print_stat_line(restoration.records(), restoration.taken(), "");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit_restore: %s\n", error.what());
    return 1;
  }
}
