#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"
#include "moldau/export.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/rocksdb_options.h"
#include "moldau/state/state_store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

namespace moldau::inline v0::state {

// The files of one store are damaged (a checksum, a missing file): only deleting them and reading
// the changelog again helps.
class MOLDAU_EXPORT StoreDamaged : public StateStoreError {
 public:
  using StateStoreError::StateStoreError;
  ~StoreDamaged() override;
};

// One write of a batch. nullopt deletes.
struct StorageWrite {
  Bytes key;
  std::optional<Bytes> value;
  // Instead of one key: every key from `key` up to this one, which is left out, is deleted. In a
  // batch such deletions come first.
  std::optional<Bytes> erase_up_to = {};
};

// What lies below a store's overlay: an ordered map of bytes that takes atomic batches and
// remembers a position. Knows nothing of changelogs, caches or types. One thread at a time.
class MOLDAU_EXPORT StorageMap {
 public:
  virtual ~StorageMap();
  virtual bool get(Bytes key, ByteBuffer& value) const = 0;
  // A snapshot: later writes do not show.
  [[nodiscard]] virtual std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                             Direction direction) const = 0;
  // All of the writes and the position, or nothing. nullopt: the position stays.
  virtual void apply(std::span<const StorageWrite> writes,
                     const std::optional<ChangelogPosition>& position) = 0;
  [[nodiscard]] virtual std::optional<ChangelogPosition> position() const = 0;
  [[nodiscard]] virtual std::uint64_t approximate_entries() const = 0;

  // What set_mark() was given last, empty if nothing: whatever has to be known about the rows
  // before one is read. Kept as long as they are. Valid until the next set_mark().
  [[nodiscard]] virtual Bytes mark() const = 0;
  virtual void set_mark(Bytes mark) = 0;
};

// Opens maps on disk: RocksDB, or for the simulator a map that survives its crashes. One object for
// all stores of a process, because they share one memory budget. Any thread.
class MOLDAU_EXPORT Storage {
 public:
  virtual ~Storage();
  // Opens the folder, making it if needed. Throws StoreDamaged, or StateStoreError naming the path
  // and the reason (no permission, locked by another process, an unknown format).
  [[nodiscard]] virtual std::unique_ptr<StorageMap> open(const std::filesystem::path& path) = 0;
  // As open(), with changed options; the folder's name is that of the store. What is not RocksDB
  // has none to change.
  [[nodiscard]] virtual std::unique_ptr<StorageMap> open_with(const std::filesystem::path& path,
                                                              const RocksDbOptionsSetter& setter);
  // Deletes what open() made. REQUIRES: not open.
  virtual void destroy(const std::filesystem::path& path) = 0;
};

// Memory that all RocksDB stores of a process share.
struct StorageBudget {
  std::size_t block_cache_bytes = 128U << 20;
  std::size_t write_buffer_bytes = 64U << 20;  // charged to the block cache
};

[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<Storage> make_rocksdb_storage(
    const StorageBudget& budget = {});
// The same storage, opened with what `setter` says about each store. Null: `storage` itself.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<Storage> with_rocksdb_options(
    std::shared_ptr<Storage> storage, RocksDbOptionsSetter setter);

}  // namespace moldau::inline v0::state
