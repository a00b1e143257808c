#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>

namespace benchmarks {

// RocksDB as a stream processor would open it: a database for each partition, one block cache for
// all, bloom filters, no compression. One thread.
class PartitionStores {
 public:
  explicit PartitionStores(std::filesystem::path folder);
  ~PartitionStores();
  PartitionStores(const PartitionStores&) = delete;
  PartitionStores& operator=(const PartitionStores&) = delete;

  // Opens it at the first call. Throws std::runtime_error.
  rocksdb::DB& open(std::int32_t partition);
  void close();

 private:
  std::filesystem::path folder_;
  rocksdb::Options options_;
  std::map<std::int32_t, std::unique_ptr<rocksdb::DB>> databases_;
};

}  // namespace benchmarks
