#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/key_value.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"
#include "moldau/state/session_rows.h"
#include "moldau/state/store_handle.h"
#include "moldau/state/store_iterator.h"
#include "moldau/state/stored_values.h"

#include <memory>
#include <optional>
#include <utility>

namespace moldau::inline v0 {

namespace state {

template <class K, class Values>
class SessionEntries {
 public:
  using Entry = KeyValue<Windowed<K>, typename Values::Value>;

  SessionEntries() = default;
  SessionEntries(std::unique_ptr<SessionIterator> rows, AnySerde<K> key_serde, Values values)
      : rows_(std::move(rows)), key_serde_(std::move(key_serde)), values_(std::move(values)) {}

  [[nodiscard]] bool valid() const { return rows_->valid(); }
  void read(Entry& entry) const {
    key_serde_.deserialize(rows_->key(), entry.key.key);
    entry.key.window = {rows_->start(), rows_->end()};
    values_.decode(rows_->value(), entry.value);
  }
  void next() { rows_->next(); }

 private:
  std::unique_ptr<SessionIterator> rows_;
  AnySerde<K> key_serde_;
  Values values_;
};

}  // namespace state

// A store of values by key and session: a span of time of any length, both ends included. A session
// that grows is removed and put again.
//
// Sessions that end at or before the store's time, the highest end that was put, minus its
// retention are gone: reads do not show them, and a put of one is left out and counted in
// `dropped-records-total`.
//
// Of one key, sessions come in the order of their ends, then of their starts, or backward; of
// several keys in that order only as far as they lie in different segments of the store, and within
// one by key bytes.
template <class K, class V>
class SessionStore : public state::KeyedHandle<K> {
  using Values = state::PlainValues<V>;

 public:
  using Value = V;
  using Iterator = StoreIterator<state::SessionEntries<K, Values>>;

  SessionStore() = default;
  // For whoever hands out handles.
  SessionStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
               const state::WriteContext& writer)
      : state::KeyedHandle<K>(store, {state::StoreKind::session}, std::move(key_serde), writer),
        values_(std::move(value_serde), this->spec().layout) {
    rows_.open(store);
  }

  // Replaces what the session had. A value that stands for null removes it.
  void put(const Windowed<K>& session, const V& value) { put(session, &value); }
  // nullptr removes.
  void put(const Windowed<K>& session, const V* value) {
    const bool present = value != nullptr && values_.encode(*value, stored_);
    rows().put(this->bytes_of(session.key), {session.window.start, session.window.end},
               present ? std::optional{stored_.bytes()} : std::nullopt, this->writer().current());
  }
  // Fine if there is none.
  void remove(const Windowed<K>& session) { put(session, nullptr); }

  // The value of the session with exactly these ends; nullopt if there is none.
  [[nodiscard]] std::optional<V> fetch_session(const K& key, Timestamp start, Timestamp end) {
    if (!rows().get(this->bytes_of(key), {start, end}, stored_)) return std::nullopt;
    std::optional<V> found{std::in_place};
    values_.decode(stored_, *found);
    return found;
  }

  // The sessions of a key that end at `earliest_end` or later and start at `latest_start` or
  // before: with a record's time minus and plus the gap, those that the record belongs to.
  [[nodiscard]] Iterator find_sessions(const K& key, Timestamp earliest_end,
                                       Timestamp latest_start) {
    return of_key(key, earliest_end, latest_start, state::Direction::forward);
  }
  [[nodiscard]] Iterator backward_find_sessions(const K& key, Timestamp earliest_end,
                                                Timestamp latest_start) {
    return of_key(key, earliest_end, latest_start, state::Direction::backward);
  }
  // Of the keys from one to another, in byte order, both included. nullptr: open.
  [[nodiscard]] Iterator find_sessions(const K& first, const K& last, Timestamp earliest_end,
                                       Timestamp latest_start) {
    return of_keys(&first, &last, earliest_end, latest_start, state::Direction::forward);
  }
  [[nodiscard]] Iterator find_sessions(const K* first, const K* last, Timestamp earliest_end,
                                       Timestamp latest_start) {
    return of_keys(first, last, earliest_end, latest_start, state::Direction::forward);
  }
  [[nodiscard]] Iterator backward_find_sessions(const K& first, const K& last,
                                                Timestamp earliest_end, Timestamp latest_start) {
    return of_keys(&first, &last, earliest_end, latest_start, state::Direction::backward);
  }
  [[nodiscard]] Iterator backward_find_sessions(const K* first, const K* last,
                                                Timestamp earliest_end, Timestamp latest_start) {
    return of_keys(first, last, earliest_end, latest_start, state::Direction::backward);
  }
  // All sessions of a key, or of some keys.
  [[nodiscard]] Iterator fetch(const K& key) {
    return find_sessions(key, Timestamp{0}, Timestamp::max());
  }
  [[nodiscard]] Iterator backward_fetch(const K& key) {
    return backward_find_sessions(key, Timestamp{0}, Timestamp::max());
  }
  [[nodiscard]] Iterator fetch(const K& first, const K& last) {
    return find_sessions(first, last, Timestamp{0}, Timestamp::max());
  }
  [[nodiscard]] Iterator fetch(const K* first, const K* last) {
    return find_sessions(first, last, Timestamp{0}, Timestamp::max());
  }
  [[nodiscard]] Iterator backward_fetch(const K& first, const K& last) {
    return backward_find_sessions(first, last, Timestamp{0}, Timestamp::max());
  }
  [[nodiscard]] Iterator backward_fetch(const K* first, const K* last) {
    return backward_find_sessions(first, last, Timestamp{0}, Timestamp::max());
  }

 private:
  [[nodiscard]] state::SessionRows& rows() {
    static_cast<void>(this->store());  // refuses an empty handle
    return rows_;
  }
  [[nodiscard]] Iterator typed(std::unique_ptr<state::SessionIterator> rows) const {
    return {state::SessionEntries<K, Values>{std::move(rows), this->key_serde(), values_},
            state::IteratorLife{this->writer(), this->name()}};
  }
  [[nodiscard]] Iterator of_key(const K& key, Timestamp earliest_end, Timestamp latest_start,
                                state::Direction direction) {
    return typed(rows().find(this->bytes_of(key), earliest_end, latest_start, direction));
  }
  [[nodiscard]] Iterator of_keys(const K* first, const K* last, Timestamp earliest_end,
                                 Timestamp latest_start, state::Direction direction) {
    ByteBuffer first_key;
    ByteBuffer last_key;
    const state::KeySpan keys{this->end_of_span(first, first_key),
                              this->end_of_span(last, last_key)};
    return typed(rows().find(keys, earliest_end, latest_start, direction));
  }

  Values values_;
  state::SessionRows rows_;
  ByteBuffer stored_;
};

}  // namespace moldau::inline v0
