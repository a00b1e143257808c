#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/state_store.h"
#include "moldau/state/store_iterator.h"
#include "moldau/state/store_spec.h"
#include "moldau/state/write_context.h"

#include <optional>
#include <string_view>
#include <utility>

namespace moldau::inline v0::state {

// What a typed handle asks of the store it is opened on.
struct HandleKind {
  StoreKind kind;
  bool timestamped = false;
};

// What the typed handles of a store share: which store, on whose behalf, and the keys as bytes. A
// handle is a cheap view. Made empty it can be a member of the processor that opens it in init();
// it is valid as long as its processor, and used where that is: in init(), process(), punctuators
// and close(), on the task's thread. An empty one throws StreamsError at any use.
class MOLDAU_EXPORT StoreHandle {
 public:
  [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr; }
  [[nodiscard]] std::string_view name() const { return store().name(); }

 protected:
  StoreHandle() = default;
  // Throws TopologyError if the store is not of that kind: says what it is, and which handle is
  // its.
  StoreHandle(StateStore& store, HandleKind kind, const WriteContext& writer);

  [[nodiscard]] KeyValueBytesStore& store() const {
    if (store_ == nullptr) refuse_empty();
    return *store_;
  }
  [[nodiscard]] const StoreSpec& spec() const { return store().spec(); }
  [[nodiscard]] const WriteContext& writer() const noexcept { return *writer_; }
  // For an iterator that is made now.
  [[nodiscard]] IteratorLife new_iterator() const;

  [[noreturn]] static void refuse_empty();
  [[noreturn]] void refuse_null_key() const;
  [[noreturn]] void refuse_duplicates() const;

 private:
  KeyValueBytesStore* store_ = nullptr;
  const WriteContext* writer_ = nullptr;
};

// The keys of a handle. Keeps the buffer it serialises into.
template <class K>
class KeyedHandle : public StoreHandle {
 protected:
  KeyedHandle() = default;
  KeyedHandle(StateStore& store, HandleKind kind, AnySerde<K> key_serde, const WriteContext& writer)
      : StoreHandle(store, kind, writer), key_serde_(std::move(key_serde)) {}

  [[nodiscard]] const AnySerde<K>& key_serde() const noexcept { return key_serde_; }
  // Valid until the next call. Throws NullAccess for a key that stands for null.
  [[nodiscard]] Bytes bytes_of(const K& key) {
    write_key(key, key_);
    return key_;
  }
  void write_key(const K& key, ByteBuffer& out) const {
    out.clear();
    if (!key_serde_.serialize(key, out)) refuse_null_key();
  }
  // One end of a span of keys, written into `out`; nullopt for nullptr: open.
  [[nodiscard]] std::optional<Bytes> end_of_span(const K* key, ByteBuffer& out) const {
    if (key == nullptr) return std::nullopt;
    write_key(*key, out);
    return out;
  }

 private:
  AnySerde<K> key_serde_;
  ByteBuffer key_;
};

}  // namespace moldau::inline v0::state
