#pragma once

#include "moldau/state/storage.h"

#include "state/rocksdb/bounded_scan.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0::state {

// A StorageMap in one RocksDB. Rows and position lie in one column family, so that a batch of both
// is written whole or not at all.
class RocksDbMap final : public StorageMap {
 public:
  // Throws StoreDamaged or StateStoreError if the files are not those of a store of this format.
  RocksDbMap(std::unique_ptr<rocksdb::DB> db, std::filesystem::path path);
  ~RocksDbMap() override;
  RocksDbMap(const RocksDbMap&) = delete;
  RocksDbMap& operator=(const RocksDbMap&) = delete;

  bool get(Bytes key, ByteBuffer& value) const override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) const override;
  void apply(std::span<const StorageWrite> writes,
             const std::optional<ChangelogPosition>& position) override;
  [[nodiscard]] std::optional<ChangelogPosition> position() const override { return position_; }
  [[nodiscard]] std::uint64_t approximate_entries() const override;
  [[nodiscard]] Bytes mark() const override { return Bytes{std::string_view{mark_}}; }
  void set_mark(Bytes mark) override;

 private:
  class Iterator;

  // False if there is no such entry.
  bool read_metadata(std::string_view key, std::string& value) const;
  void check_format();
  void read_position();
  [[nodiscard]] bool holds_nothing() const;
  void add(const StorageWrite& write);

  std::unique_ptr<rocksdb::DB> db_;
  std::filesystem::path path_;
  std::optional<ChangelogPosition> position_;
  std::string mark_;
  std::uint64_t batches_ = 0;  // written
  // Sees what the store holds as long as no batch is written. nullptr: none is at hand.
  mutable std::unique_ptr<BoundedScan> spare_scan_;
  // Kept for their memory.
  mutable std::string key_;
  mutable rocksdb::PinnableSlice value_;
  rocksdb::WriteBatch batch_;
};

}  // namespace moldau::inline v0::state
