#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/key_value.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"
#include "moldau/state/store_handle.h"
#include "moldau/state/store_iterator.h"
#include "moldau/state/stored_values.h"
#include "moldau/state/window_rows.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace moldau::inline v0 {

namespace state {

// The windows of one key, by their starts.
template <class Values>
class WindowEntries {
 public:
  using Entry = KeyValue<Timestamp, typename Values::Value>;

  WindowEntries() = default;
  WindowEntries(std::unique_ptr<WindowIterator> rows, Values values)
      : rows_(std::move(rows)), values_(std::move(values)) {}

  [[nodiscard]] bool valid() const { return rows_->valid(); }
  void read(Entry& entry) const {
    entry.key = rows_->start();
    values_.decode(rows_->value(), entry.value);
  }
  void next() { rows_->next(); }

 private:
  std::unique_ptr<WindowIterator> rows_;
  Values values_;
};

// The windows of several keys.
template <class K, class Values>
class KeyedWindowEntries {
 public:
  using Entry = KeyValue<Windowed<K>, typename Values::Value>;

  KeyedWindowEntries() = default;
  KeyedWindowEntries(std::unique_ptr<WindowIterator> rows, AnySerde<K> key_serde, Values values,
                     std::chrono::milliseconds window_size)
      : rows_(std::move(rows)),
        key_serde_(std::move(key_serde)),
        values_(std::move(values)),
        window_size_(window_size) {}

  [[nodiscard]] bool valid() const { return rows_->valid(); }
  void read(Entry& entry) const {
    key_serde_.deserialize(rows_->key(), entry.key.key);
    const Timestamp start = rows_->start();
    entry.key.window = {start, saturating_add(start, window_size_)};
    values_.decode(rows_->value(), entry.value);
  }
  void next() { rows_->next(); }

 private:
  std::unique_ptr<WindowIterator> rows_;
  AnySerde<K> key_serde_;
  Values values_;
  std::chrono::milliseconds window_size_{0};
};

// What the handles of window stores can do, whatever their values carry.
//
// Windows are found by key and start. Times are those of starts, both ends included. Windows that
// start at or before the store's time, the highest start that was put, minus its retention are
// gone: reads do not show them, and a put of one is left out and counted in
// `dropped-records-total`.
//
// Of one key, windows come in the order of their starts, or backward; of several keys in that order
// only as far as they lie in different segments of the store, and within one by key bytes.
template <class K, class Values>
class WindowView : public KeyedHandle<K> {
 public:
  using Value = typename Values::Value;
  using Iterator = StoreIterator<WindowEntries<Values>>;
  using KeyedIterator = StoreIterator<KeyedWindowEntries<K, Values>>;

  // Replaces what the window had; in a store that retains duplicates, adds to it. A value that
  // stands for null deletes, and in a store that retains duplicates leaves all as it is.
  void put(const K& key, const Value& value, Timestamp window_start) {
    put(key, &value, window_start);
  }
  // nullptr: as a value that stands for null.
  void put(const K& key, const Value* value, Timestamp window_start) {
    const bool present = value != nullptr && values_.encode(*value, stored_);
    rows().put(this->bytes_of(key), window_start,
               present ? std::optional{stored_.bytes()} : std::nullopt, this->writer().current());
  }

  // The value of one window; nullopt if there is none. Throws StreamsError for a store that retains
  // duplicates: it has several.
  [[nodiscard]] std::optional<Value> fetch(const K& key, Timestamp window_start) {
    if (this->spec().retain_duplicates) this->refuse_duplicates();
    if (!rows().get(this->bytes_of(key), window_start, stored_)) return std::nullopt;
    std::optional<Value> found{std::in_place};
    values_.decode(stored_, *found);
    return found;
  }

  // The windows of a key that start from `from` to `to`; duplicates in the order they were put.
  [[nodiscard]] Iterator fetch(const K& key, Timestamp from, Timestamp to) {
    return of_key(key, from, to, Direction::forward);
  }
  [[nodiscard]] Iterator backward_fetch(const K& key, Timestamp from, Timestamp to) {
    return of_key(key, from, to, Direction::backward);
  }
  // The windows of the keys from one to another, in byte order, both included. nullptr: open.
  [[nodiscard]] KeyedIterator fetch(const K& first, const K& last, Timestamp from, Timestamp to) {
    return of_keys(&first, &last, from, to, Direction::forward);
  }
  [[nodiscard]] KeyedIterator fetch(const K* first, const K* last, Timestamp from, Timestamp to) {
    return of_keys(first, last, from, to, Direction::forward);
  }
  [[nodiscard]] KeyedIterator backward_fetch(const K& first, const K& last, Timestamp from,
                                             Timestamp to) {
    return of_keys(&first, &last, from, to, Direction::backward);
  }
  [[nodiscard]] KeyedIterator backward_fetch(const K* first, const K* last, Timestamp from,
                                             Timestamp to) {
    return of_keys(first, last, from, to, Direction::backward);
  }
  [[nodiscard]] KeyedIterator fetch_all(Timestamp from, Timestamp to) {
    return of_keys(nullptr, nullptr, from, to, Direction::forward);
  }
  [[nodiscard]] KeyedIterator backward_fetch_all(Timestamp from, Timestamp to) {
    return of_keys(nullptr, nullptr, from, to, Direction::backward);
  }
  [[nodiscard]] KeyedIterator all() { return fetch_all(Timestamp{0}, Timestamp::max()); }
  [[nodiscard]] KeyedIterator backward_all() {
    return backward_fetch_all(Timestamp{0}, Timestamp::max());
  }

 protected:
  WindowView() = default;
  WindowView(StateStore& store, AnySerde<K> key_serde, AnySerde<typename Values::Plain> serde,
             const WriteContext& writer)
      : KeyedHandle<K>(store, {StoreKind::window, Values::timestamped}, std::move(key_serde),
                       writer),
        values_(std::move(serde), this->spec().layout) {
    rows_.open(store);
  }

 private:
  [[nodiscard]] WindowRows& rows() {
    static_cast<void>(this->store());  // refuses an empty handle
    return rows_;
  }
  [[nodiscard]] Iterator of_key(const K& key, Timestamp from, Timestamp to, Direction direction) {
    return {WindowEntries<Values>{rows().fetch(this->bytes_of(key), TimeSpan{from, to}, direction),
                                  values_},
            this->new_iterator()};
  }
  [[nodiscard]] KeyedIterator of_keys(const K* first, const K* last, Timestamp from, Timestamp to,
                                      Direction direction) {
    ByteBuffer first_key;
    ByteBuffer last_key;
    const KeySpan keys{this->end_of_span(first, first_key), this->end_of_span(last, last_key)};
    return {KeyedWindowEntries<K, Values>{rows().fetch(keys, TimeSpan{from, to}, direction),
                                          this->key_serde(), values_, this->spec().window_size},
            this->new_iterator()};
  }

  Values values_;
  WindowRows rows_;
  ByteBuffer stored_;
};

}  // namespace state

// A store of plain values by key and window. See state::WindowView.
template <class K, class V>
class WindowStore : public state::WindowView<K, state::PlainValues<V>> {
 public:
  WindowStore() = default;
  // For whoever hands out handles.
  WindowStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
              const state::WriteContext& writer)
      : state::WindowView<K, state::PlainValues<V>>(store, std::move(key_serde),
                                                    std::move(value_serde), writer) {}
};

// A store of values with their times by key and window: of a processor's own, or that of a windowed
// table. See state::WindowView, and ValueAndTimestamp.
template <class K, class V>
class TimestampedWindowStore : public state::WindowView<K, state::TimestampedValues<V>> {
 public:
  TimestampedWindowStore() = default;
  // For whoever hands out handles.
  TimestampedWindowStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
                         const state::WriteContext& writer)
      : state::WindowView<K, state::TimestampedValues<V>>(store, std::move(key_serde),
                                                          std::move(value_serde), writer) {}
};

}  // namespace moldau::inline v0
