#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/serde/serde.h"
#include "moldau/state/store_handle.h"
#include "moldau/state/versioned_rows.h"

#include <optional>
#include <utility>

namespace moldau::inline v0 {

// What a key was at some time.
template <class V>
struct VersionedRecord {
  V value;
  Timestamp timestamp;  // when it came to be
  // When the next version came to be; nullopt: it is the latest.
  std::optional<Timestamp> valid_to = {};

  friend bool operator==(const VersionedRecord&, const VersionedRecord&) = default;
};

// A store that knows what each key was at each time of its history, which ends at the store's time,
// the highest that was put. The latest version of a key stays however old it gets. Versions may be
// put in any order.
template <class K, class V>
class VersionedKeyValueStore : public state::KeyedHandle<K> {
 public:
  using Value = V;
  using Record = VersionedRecord<V>;

  VersionedKeyValueStore() = default;
  // For whoever hands out handles.
  VersionedKeyValueStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
                         const state::WriteContext& writer)
      : state::KeyedHandle<K>(store, {state::StoreKind::versioned}, std::move(key_serde), writer),
        serde_(std::move(value_serde)) {
    rows_.open(store);
  }

  // What became of a version that was put.
  struct Put {
    // False: it is older than the history, and was left out and counted in `dropped-records-total`.
    bool accepted;
    // When the next version came to be; nullopt: it is the latest now.
    std::optional<Timestamp> valid_to;
  };
  // What the key is from that time on. A value that stands for null: deleted.
  Put put(const K& key, const V& value, Timestamp timestamp) { return put(key, &value, timestamp); }
  // nullptr: deleted.
  Put put(const K& key, const V* value, Timestamp timestamp) {
    stored_.clear();
    const bool present = value != nullptr && serde_.serialize(*value, stored_);
    const state::VersionedRows::Put done =
        rows().put(this->bytes_of(key), present ? std::optional{stored_.bytes()} : std::nullopt,
                   timestamp, this->writer().current());
    return {done.accepted, done.until};
  }
  // That the key is deleted from that time on.
  Put remove(const K& key, Timestamp timestamp) { return put(key, nullptr, timestamp); }
  // The same; returns what it was at that time before, nullopt also if that is older than the
  // history, where nothing is deleted.
  std::optional<Record> extract(const K& key, Timestamp timestamp) {
    std::optional<Record> before = get(key, timestamp);
    if (!remove(key, timestamp).accepted) before.reset();
    return before;
  }

  // The latest version; nullopt if there is none or it is a deletion.
  [[nodiscard]] std::optional<Record> get(const K& key) {
    return typed(rows().get(this->bytes_of(key), stored_));
  }
  // The version at that time. nullopt also if the history does not reach back so far, unless the
  // latest version is as old.
  [[nodiscard]] std::optional<Record> get(const K& key, Timestamp as_of) {
    return typed(rows().get(this->bytes_of(key), as_of, stored_));
  }

 private:
  [[nodiscard]] state::VersionedRows& rows() {
    static_cast<void>(this->store());  // refuses an empty handle
    return rows_;
  }
  [[nodiscard]] std::optional<Record> typed(const std::optional<state::Version>& version) const {
    if (!version) return std::nullopt;
    Record record{};
    serde_.deserialize(stored_.bytes(), record.value);
    record.timestamp = version->from;
    record.valid_to = version->until;
    return record;
  }

  AnySerde<V> serde_;
  state::VersionedRows rows_;
  ByteBuffer stored_;
};

}  // namespace moldau::inline v0
