#pragma once

#include "moldau/base/bytes.h"
#include "moldau/record/key_value.h"
#include "moldau/serde/serde.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/store_handle.h"
#include "moldau/state/store_iterator.h"
#include "moldau/state/stored_values.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace moldau::inline v0 {

namespace state {

// The entries of a range, typed.
template <class K, class Values>
class KeyValueEntries {
 public:
  using Entry = KeyValue<K, typename Values::Value>;

  KeyValueEntries() = default;
  KeyValueEntries(std::unique_ptr<BytesIterator> rows, AnySerde<K> key_serde, Values values)
      : rows_(std::move(rows)), key_serde_(std::move(key_serde)), values_(std::move(values)) {}

  [[nodiscard]] bool valid() const { return rows_->valid(); }
  void read(Entry& entry) const {
    key_serde_.deserialize(rows_->key(), entry.key);
    values_.decode(rows_->value(), entry.value);
  }
  void next() { rows_->next(); }

 private:
  std::unique_ptr<BytesIterator> rows_;
  AnySerde<K> key_serde_;
  Values values_;
};

// What the handles of key-value stores can do, whatever their values carry. Keys and values come
// and go as copies.
//
// Ranges are in the order of the keys' bytes, which need not be that of the keys: numbers above
// zero are in theirs, negative ones come behind them. Both ends belong to a range; a null pointer
// leaves it open; one that ends before it begins is empty.
template <class K, class Values>
class KeyValueView : public KeyedHandle<K> {
 public:
  using Value = typename Values::Value;
  using Iterator = StoreIterator<KeyValueEntries<K, Values>>;

  // nullopt if there is none.
  [[nodiscard]] std::optional<Value> get(const K& key) {
    std::optional<Value> found{std::in_place};
    if (!get(key, *found)) found.reset();
    return found;
  }
  // Fills a value that the caller keeps, so that strings keep their memory. False, and untouched,
  // if there is none.
  [[nodiscard]] bool get(const K& key, Value& value) {
    if (!this->store().get(this->bytes_of(key), stored_)) return false;
    values_.decode(stored_, value);
    return true;
  }

  // Replaces what the key had. A value that stands for null (NullableSerde) deletes it.
  void put(const K& key, const Value& value) { put(key, &value); }
  // nullptr deletes.
  void put(const K& key, const Value* value) {
    const bool present = value != nullptr && values_.encode(*value, stored_);
    this->store().put(this->bytes_of(key), present ? std::optional{stored_.bytes()} : std::nullopt,
                      this->writer().current());
  }
  // What the key has, if it has something; otherwise puts the value and returns nullopt.
  std::optional<Value> put_if_absent(const K& key, const Value& value) {
    std::optional<Value> before = get(key);
    if (!before) put(key, value);
    return before;
  }
  // Puts each of a range of KeyValue or std::pair, in its order.
  template <class R>
  void put_all(const R& entries) {
    for (const auto& [key, value] : entries) put(key, value);
  }
  // Fine if there is none.
  void remove(const K& key) { put(key, nullptr); }
  // Removes it, and returns what was there.
  std::optional<Value> extract(const K& key) {
    std::optional<Value> before = get(key);
    remove(key);
    return before;
  }

  [[nodiscard]] Iterator range(const K& from, const K& to) { return range(&from, &to); }
  [[nodiscard]] Iterator range(const K* from, const K* to) {
    return scan(between(from, to), Direction::forward);
  }
  [[nodiscard]] Iterator reverse_range(const K& from, const K& to) {
    return reverse_range(&from, &to);
  }
  [[nodiscard]] Iterator reverse_range(const K* from, const K* to) {
    return scan(between(from, to), Direction::backward);
  }
  [[nodiscard]] Iterator all() { return scan(ByteRange::all(), Direction::forward); }
  [[nodiscard]] Iterator reverse_all() { return scan(ByteRange::all(), Direction::backward); }
  // The keys whose bytes start with those of `prefix`.
  template <Serializable P>
  [[nodiscard]] Iterator prefix_scan(const P& prefix, const AnySerde<P>& serde = {}) {
    ByteBuffer bytes;
    serde.serialize(prefix, bytes);
    return prefix_scan(bytes.bytes());
  }
  [[nodiscard]] Iterator prefix_scan(Bytes prefix) {
    return scan(ByteRange::with_prefix(prefix), Direction::forward);
  }

  // A guess: of a store on disk, far off if many entries were deleted of late.
  [[nodiscard]] std::uint64_t approximate_num_entries() {
    return this->store().approximate_entries();
  }

 protected:
  KeyValueView() = default;
  KeyValueView(StateStore& store, AnySerde<K> key_serde, AnySerde<typename Values::Plain> serde,
               const WriteContext& writer)
      : KeyedHandle<K>(store, {StoreKind::key_value, Values::timestamped}, std::move(key_serde),
                       writer),
        values_(std::move(serde), this->spec().layout) {}

 private:
  [[nodiscard]] ByteRange between(const K* from, const K* to) const {
    ByteRange range;
    if (from != nullptr) this->write_key(*from, range.from.emplace());
    if (to != nullptr) this->write_key(*to, range.to.emplace());
    return range;
  }
  [[nodiscard]] Iterator scan(const ByteRange& range, Direction direction) {
    return {KeyValueEntries<K, Values>{this->store().range(range, direction), this->key_serde(),
                                       values_},
            this->new_iterator()};
  }

  Values values_;
  ByteBuffer stored_;
};

}  // namespace state

// A store of plain values by key. See state::KeyValueView.
template <class K, class V>
class KeyValueStore : public state::KeyValueView<K, state::PlainValues<V>> {
 public:
  KeyValueStore() = default;
  // For whoever hands out handles.
  KeyValueStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
                const state::WriteContext& writer)
      : state::KeyValueView<K, state::PlainValues<V>>(store, std::move(key_serde),
                                                      std::move(value_serde), writer) {}
};

// A store of values with their times: of a processor's own, or that of a table. A changelog record
// takes its time from the value. See state::KeyValueView, and ValueAndTimestamp.
template <class K, class V>
class TimestampedKeyValueStore : public state::KeyValueView<K, state::TimestampedValues<V>> {
 public:
  TimestampedKeyValueStore() = default;
  // For whoever hands out handles.
  TimestampedKeyValueStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
                           const state::WriteContext& writer)
      : state::KeyValueView<K, state::TimestampedValues<V>>(store, std::move(key_serde),
                                                            std::move(value_serde), writer) {}
};

}  // namespace moldau::inline v0
