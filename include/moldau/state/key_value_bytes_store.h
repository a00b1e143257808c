#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/state/state_store.h"
#include "moldau/state/store_spec.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace moldau::inline v0::state {

class OpenIterators;

enum class Direction : std::uint8_t { forward, backward };

// Keys from `from` to `to` in byte order, both ends included unless `to_exclusive`. nullopt: open.
struct ByteRange {
  std::optional<ByteBuffer> from = {};
  std::optional<ByteBuffer> to = {};
  bool to_exclusive = false;

  static ByteRange all() { return {}; }
  // Every key that starts with `prefix`.
  [[nodiscard]] MOLDAU_EXPORT static ByteRange with_prefix(Bytes prefix);

  [[nodiscard]] MOLDAU_EXPORT bool contains(Bytes key) const;
};

// Goes over entries in one direction. key() and value() are valid until next(); the entry they show
// may be changed or deleted in the loop. Entries written after the iterator was made may or may not
// show up; deleted ones do not. Must not outlive its store, nor a commit() or rollback() of it.
class MOLDAU_EXPORT BytesIterator {
 public:
  virtual ~BytesIterator();
  [[nodiscard]] virtual bool valid() const = 0;
  // REQUIRES: valid().
  [[nodiscard]] virtual Bytes key() const = 0;
  [[nodiscard]] virtual Bytes value() const = 0;
  virtual void next() = 0;
};

// Keys and values as bytes. What the value holds besides the user's bytes is the store's
// ValueLayout (store_spec.h). Window, session and versioned stores are of this class too, with keys
// of their own: WindowRows, SessionRows and VersionedRows know them.
class MOLDAU_EXPORT KeyValueBytesStore : public StateStore {
 public:
  ~KeyValueBytesStore() override;

  // What the store was made from.
  [[nodiscard]] virtual const StoreSpec& spec() const = 0;

  // False if there is none: `value` is untouched then.
  virtual bool get(Bytes key, ByteBuffer& value) = 0;

  // nullopt deletes. `context` is that of the record being processed.
  virtual void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) = 0;

  [[nodiscard]] virtual std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                             Direction direction) = 0;

  // A guess, overlay included.
  [[nodiscard]] virtual std::uint64_t approximate_entries() = 0;

  // Where typed iterators of the store are counted; nullptr: nowhere.
  [[nodiscard]] virtual OpenIterators* open_iterators() { return nullptr; }

  // True if put() only marks a cache entry, so that the listener, not the caller, forwards changes.
  [[nodiscard]] virtual bool cached() const = 0;

  // Who is told when the cache is flushed. `wants_old_values`: look up CacheEntry::before for it.
  // REQUIRES: cached(). Called once, while the task is built.
  virtual void set_flush_listener(FlushListener& listener, bool wants_old_values) = 0;
};

}  // namespace moldau::inline v0::state
