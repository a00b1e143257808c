#include "whole_run/partition_stores.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/table.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace benchmarks {

namespace {

constexpr std::size_t block_cache_bytes = 64U << 20;
constexpr std::size_t write_buffer_bytes = 16U << 20;

rocksdb::Options make_options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = write_buffer_bytes;
  options.max_write_buffer_number = 3;
  options.max_background_jobs = 2;
  return options;
}

}  // namespace

PartitionStores::PartitionStores(std::filesystem::path folder)
    : folder_(std::move(folder)), options_(make_options()) {
  rocksdb::SetPerfLevel(rocksdb::kDisable);
  std::filesystem::create_directories(folder_);
}

PartitionStores::~PartitionStores() { close(); }

rocksdb::DB& PartitionStores::open(std::int32_t partition) {
  std::unique_ptr<rocksdb::DB>& database = databases_[partition];
  if (database == nullptr) {
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::Open(options_, folder_ / ("p" + std::to_string(partition)), &opened);
    if (!status.ok()) throw std::runtime_error(status.ToString());
    database.reset(opened);
  }
  return *database;
}

void PartitionStores::close() {
  for (auto& [partition, database] : databases_) database->Close();
  databases_.clear();
}

}  // namespace benchmarks
