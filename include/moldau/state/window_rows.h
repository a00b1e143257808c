#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/shared_access.h"
#include "moldau/state/state_store.h"

#include <memory>
#include <optional>

namespace moldau::inline v0::state {

class SegmentedStore;

// Times from `from` to `to`, both included.
struct TimeSpan {
  Timestamp from{0};
  Timestamp to = Timestamp::max();
};

// Keys from `from` to `to` in byte order, both included. nullopt: open.
struct KeySpan {
  std::optional<Bytes> from;
  std::optional<Bytes> to;
};

// Goes over windows. key() and value() are valid until next(). Otherwise as BytesIterator.
class MOLDAU_EXPORT WindowIterator {
 public:
  virtual ~WindowIterator();
  [[nodiscard]] virtual bool valid() const = 0;
  // REQUIRES: valid().
  [[nodiscard]] virtual Bytes key() const = 0;
  [[nodiscard]] virtual Timestamp start() const = 0;
  [[nodiscard]] virtual Bytes value() const = 0;
  virtual void next() = 0;
};

// A window store as the node above it sees it: rows by key and window start. Holds no rows of its
// own and keeps its buffers. Refers to the store, which outlives it.
//
// Windows that start at or before the store's time minus its retention are gone: reads do not show
// them, and a put of one is dropped and counted.
class MOLDAU_EXPORT WindowRows {
 public:
  // Throws TopologyError naming the store if it is not a window store.
  void open(StateStore& store);
  [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr; }
  [[nodiscard]] ValueLayout layout() const noexcept { return layout_; }

  // As TableRows::listen() and cached(). Entries of the listener have row keys: see parse().
  void listen(FlushListener& listener, bool wants_old_values);
  [[nodiscard]] bool cached() const noexcept { return cached_; }

  // False if there is no such window. REQUIRES: the store does not retain duplicates.
  bool get(Bytes key, Timestamp start, ByteBuffer& value);
  // nullopt deletes; in a store that retains duplicates it does nothing.
  void put(Bytes key, Timestamp start, std::optional<Bytes> value, const RecordContext& context);

  // The windows of one key that start within a span, in the order of their starts; those with equal
  // starts in the order they were put.
  [[nodiscard]] std::unique_ptr<WindowIterator> fetch(Bytes key, TimeSpan starts,
                                                      Direction direction);
  // The windows of several keys: in no order but that of their segments, then of their row keys.
  [[nodiscard]] std::unique_ptr<WindowIterator> fetch(const KeySpan& keys, TimeSpan starts,
                                                      Direction direction);
  // The windows of all keys, by start, then by key bytes. REQUIRES: the store has a time index.
  [[nodiscard]] std::unique_ptr<WindowIterator> by_time(TimeSpan starts);

  // A row key taken apart.
  struct RowKey {
    Bytes key;
    Timestamp start;
  };
  [[nodiscard]] static RowKey parse(Bytes row_key);

 private:
  KeyValueBytesStore* store_ = nullptr;
  SegmentedStore* segments_ = nullptr;  // the layer of it that knows about time
  SharedAccess access_;
  ValueLayout layout_ = ValueLayout::plain;
  bool cached_ = false;
  ByteBuffer row_key_;
};

}  // namespace moldau::inline v0::state
