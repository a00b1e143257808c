#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/state/shared_access.h"
#include "moldau/state/window_rows.h"

#include <memory>
#include <optional>

namespace moldau::inline v0::state {

class SegmentedStore;

// Goes over sessions. key() and value() are valid until next(). Otherwise as BytesIterator.
class MOLDAU_EXPORT SessionIterator {
 public:
  virtual ~SessionIterator();
  [[nodiscard]] virtual bool valid() const = 0;
  // REQUIRES: valid().
  [[nodiscard]] virtual Bytes key() const = 0;
  [[nodiscard]] virtual Timestamp start() const = 0;
  [[nodiscard]] virtual Timestamp end() const = 0;
  [[nodiscard]] virtual Bytes value() const = 0;
  virtual void next() = 0;
};

// A session store as the node above it sees it: rows by key, end and start of the session. As
// WindowRows; a session leaves by its end.
class MOLDAU_EXPORT SessionRows {
 public:
  // Throws TopologyError naming the store if it is not a session store.
  void open(StateStore& store);
  [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr; }
  [[nodiscard]] ValueLayout layout() const noexcept { return layout_; }
  void listen(FlushListener& listener, bool wants_old_values);
  [[nodiscard]] bool cached() const noexcept { return cached_; }

  bool get(Bytes key, TimeSpan session, ByteBuffer& value);
  // nullopt deletes.
  void put(Bytes key, TimeSpan session, std::optional<Bytes> value, const RecordContext& context);
  // The same, and not counted as dropped if the session is too old to be there.
  void remove(Bytes key, TimeSpan session, const RecordContext& context);

  // The sessions of one key that end at `earliest_end` or later and start at `latest_start` or
  // before, in the order of their ends.
  [[nodiscard]] std::unique_ptr<SessionIterator> find(Bytes key, Timestamp earliest_end,
                                                      Timestamp latest_start, Direction direction);
  [[nodiscard]] std::unique_ptr<SessionIterator> find(const KeySpan& keys, Timestamp earliest_end,
                                                      Timestamp latest_start, Direction direction);
  // The sessions of all keys that end within a span, by end; those with equal ends by start, then
  // by key bytes, or in a store of StoreType::in_memory by the bytes of key and start, as in the
  // reference. REQUIRES: the store has a time index.
  [[nodiscard]] std::unique_ptr<SessionIterator> by_end(TimeSpan ends);

  struct RowKey {
    Bytes key;
    TimeSpan session;
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
