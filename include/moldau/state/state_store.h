#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/raw_record.h"
#include "moldau/record/record_metadata.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::state {

// How far a store has followed its changelog. Stored in the same batch as the data it describes.
struct ChangelogPosition {
  Offset next;  // the first changelog offset the store does not hold
  // Wall time. What deletes rows of the store is in the changelog, from `next` on, at least until
  // delete.retention.ms after it; a store that is older may have missed deletions.
  Timestamp as_of;
  std::optional<std::string> topic_id;
  // Of a store that follows all partitions of a topic: the first offset it does not hold of each;
  // `next` means nothing then.
  std::vector<Offset> partitions = {};

  friend bool operator==(const ChangelogPosition&, const ChangelogPosition&) = default;
};

// A store as the task that owns it sees it: bytes only; typed access is built on top. Used on one
// thread at a time: the stream thread, or the restore worker while the task is with it.
//
// Writes go to an overlay in memory and reads look there first. commit() moves the overlay below,
// in one atomic batch with the position; rollback() forgets it. So what is below the overlay is
// always the state as of some commit, whatever happens to the process. Every call throws
// StateStoreError if the storage fails; StoreDamaged (storage.h) if only rebuilding from the
// changelog helps.
class MOLDAU_EXPORT StateStore {
 public:
  virtual ~StateStore();

  [[nodiscard]] virtual std::string_view name() const = 0;

  // Applies changelog records, oldest first, under the overlay, in one batch with `reached`. A
  // record applied twice does no harm. REQUIRES: nothing uncommitted.
  virtual void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) = 0;

  // Writes the cache's dirty entries to the store and its changelog and tells the FlushListener, in
  // the order in which they became dirty. Nothing for a store without a cache. What the listener
  // forwards may make caches of other stores dirty.
  virtual void flush_cache() = 0;

  // Makes the overlay durable together with the position; nullopt leaves the position as it is (the
  // changelog got no record, or there is none).
  virtual void commit(const std::optional<ChangelogPosition>& position) = 0;

  // Makes the overlay durable below, with the position as it was: a crash replays the changelog
  // over it. For at-least-once only, where a store may run ahead of its changelog position.
  virtual void write_down() = 0;

  // Forgets the overlay and the cache: back to the last commit.
  virtual void rollback() = 0;

  // Memory held by writes since the last commit. Cheap: asked at every record boundary.
  [[nodiscard]] virtual std::size_t uncommitted_bytes() const = 0;

  // Of the last commit or restore; nullopt if the store has never had one.
  [[nodiscard]] virtual std::optional<ChangelogPosition> committed_position() const = 0;
};

// Told about rows that a store refuses because they are older than what it keeps.
class MOLDAU_EXPORT DroppedRows {
 public:
  // `reason` completes "record dropped: ". Counts in `dropped-records-total`.
  virtual void dropped(std::string_view store, std::string_view reason) = 0;

 protected:
  ~DroppedRows();
};

// One dirty entry of a cached store on its way down.
struct CacheEntry {
  Bytes key;
  std::optional<Bytes> now;
  std::optional<Bytes> before;  // what the store below the cache held
  RecordContext context;        // of the last update
};

// The node above a cached store: turns bytes into one typed change and forwards it.
class MOLDAU_EXPORT FlushListener {
 public:
  virtual void flushed(const CacheEntry& entry) = 0;

 protected:
  ~FlushListener();
};

}  // namespace moldau::inline v0::state
