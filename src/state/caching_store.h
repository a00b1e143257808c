#pragma once

#include "state/cache_metrics.h"
#include "state/cached_entries.h"
#include "state/record_cache.h"
#include "state/store_layer.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace moldau::inline v0::state {

class SegmentedStore;

// Holds writes back, so that several updates of one key between commits become one: one changelog
// record, then one change for the listener. Entries go down in the order in which each was last
// written. When the thread's RecordCache is exceeded by a write here, the entry used longest ago
// leaves; if it is dirty it goes down first and all other dirty entries after it.
//
// A deletion of what the store below does not have is dropped if there is a listener: nobody has
// ever seen the row.
//
// What the listener forwards may come back: to read, to write other entries, to write the very
// entry that is on its way.
//
// Window and session stores, as in the reference: what is read is not remembered, and what was
// written shows until it leaves the cache, even when the store below has let it go by then.
class CachingStore final : public StoreLayer {
 public:
  CachingStore(std::unique_ptr<KeyValueBytesStore> below, RecordCache& budget,
               std::unique_ptr<CacheMetrics> metrics);
  ~CachingStore() override;

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  // Throws StateStoreError if the listener dirties this store again and again.
  void flush_cache() override;
  // REQUIRES of both: flush_cache() was called, and nothing was written since.
  void commit(const std::optional<ChangelogPosition>& position) override;
  void rollback() override;
  // Of uncommitted_bytes(): entries held back are not counted, the RecordCache bounds them.

  bool get(Bytes key, ByteBuffer& value) override;
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;
  [[nodiscard]] bool cached() const override { return true; }
  void set_flush_listener(FlushListener& listener, bool wants_old_values) override;

  // Grows whenever entries go down: what an iterator has read ahead below may be old then.
  [[nodiscard]] std::uint64_t flushed_entries() const noexcept { return flushed_; }
  // The entries with those below, as of now.
  [[nodiscard]] std::unique_ptr<BytesIterator> merged(const ByteRange& range, Direction direction);

 private:
  // An entry on its way down. Its own copy: the cache may change under the listener's hands.
  struct Flight {
    Row row;
    ByteBuffer before;
    OwnedContext context;
  };

  void evict_while_exceeded();
  void evict(const CachedEntry& eldest);
  // Everything that was written up to then.
  void flush_until(std::uint64_t writes);
  // Sends the entry down; it is clean from now on, or gone from the cache unless `keep`.
  void hand_over(const CachedEntry& entry, bool keep);
  void send_down(Flight& flight);

  const bool segmented_;
  CachedEntries entries_;
  RecordCache& budget_;
  std::unique_ptr<CacheMetrics> metrics_;
  const SegmentedStore* by_time_;  // the layer below that knows time; nullptr without a time index
  FlushListener* listener_ = nullptr;
  bool wants_old_values_ = false;
  std::uint64_t flushed_ = 0;
  // One for each flush that goes on, an inner one inside the listener's call of an outer one.
  std::vector<std::unique_ptr<Flight>> flights_;
  std::size_t depth_ = 0;
};

}  // namespace moldau::inline v0::state
