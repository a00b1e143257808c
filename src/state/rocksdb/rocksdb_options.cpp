#include "state/rocksdb/rocksdb_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/comparator.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

namespace moldau::inline v0::state {

namespace {

constexpr double bloom_bits_per_key = 10;

rocksdb::CompressionType compression_of_old_data() {
  const std::vector<rocksdb::CompressionType> known = rocksdb::GetSupportedCompressions();
  const bool lz4 = std::ranges::find(known, rocksdb::kLZ4Compression) != known.end();
  return lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

rocksdb::BlockBasedTableOptions table_options(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(bloom_bits_per_key));
  // Indexes and filters count against the budget as well, and go last.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

// Small files and few of them; no thread or timer that a store does not need.
void keep_it_small(rocksdb::Options& options) {
  options.max_open_files = 256;  // of each store: a process may have a hundred
  options.max_file_opening_threads = 1;
  options.max_background_jobs = 2;
  options.arena_block_size = 64U << 10;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1U << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
}

}  // namespace

void set_what_stores_rely_on(rocksdb::Options& options) {
  options.create_if_missing = true;
  options.error_if_exists = false;
  options.comparator = rocksdb::BytewiseComparator();
  // A crash may cut off whole batches at the end of the log, never a part of one.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
}

rocksdb::Options make_options(const StorageBudget& budget) {
  rocksdb::Options options;
  auto cache = rocksdb::NewLRUCache(budget.block_cache_bytes);
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(budget.write_buffer_bytes, cache);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(std::move(cache))));
  options.paranoid_checks = true;
  set_what_stores_rely_on(options);

  // A store has one writer, whose batches are large and rare.
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // What has not become a table is read again when the store is opened after a crash: half a second
  // for four stores with 16 MiB each, and larger ones make nothing faster.
  options.write_buffer_size = 8U << 20;
  options.max_write_buffer_number = 3;

  // Young data is rewritten soon: compressing it does not pay.
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = compression_of_old_data();
  options.level_compaction_dynamic_level_bytes = true;
  options.bytes_per_sync = 1U << 20;

  keep_it_small(options);
  return options;
}

}  // namespace moldau::inline v0::state
