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

// What the handles of session stores can do, whether they show headers or not. A session is a span
// of time of any length, both ends included; one that grows is removed and put again.
//
// Sessions that end at or before the store's time, the highest end that was put, minus its
// retention are gone: reads do not show them, and a put of one is left out and counted in
// `dropped-records-total`.
//
// Of one key, sessions come in the order of their ends, then of their starts, or backward; of
// several keys in that order only as far as they lie in different segments of the store, and within
// one by key bytes.
template <class K, class Values>
class SessionView : public KeyedHandle<K> {
 public:
  using Value = typename Values::Value;
  using Iterator = StoreIterator<SessionEntries<K, Values>>;

  // Replaces what the session had. A value that stands for null removes it.
  void put(const Windowed<K>& session, const Value& value) { put(session, &value); }
  // nullptr removes.
  void put(const Windowed<K>& session, const Value* value) {
    const bool present = value != nullptr && values_.encode(*value, stored_);
    rows().put(this->bytes_of(session.key), {session.window.start, session.window.end},
               present ? std::optional{stored_.bytes()} : std::nullopt, this->writer().current());
  }
  // Fine if there is none, also if it is too old to be there: unlike a put of nothing, that counts
  // as no drop. (With a cache above, it does: that makes a put of it, as in the reference.)
  void remove(const Windowed<K>& session) {
    rows().remove(this->bytes_of(session.key), {session.window.start, session.window.end},
                  this->writer().current());
  }

  // The value of the session with exactly these ends; nullopt if there is none.
  [[nodiscard]] std::optional<Value> fetch_session(const K& key, Timestamp start, Timestamp end) {
    if (!rows().get(this->bytes_of(key), {start, end}, stored_)) return std::nullopt;
    std::optional<Value> found{std::in_place};
    values_.decode(stored_, *found);
    return found;
  }

  // The sessions of a key that end at `earliest_end` or later and start at `latest_start` or
  // before: with a record's time minus and plus the gap, those that the record belongs to.
  [[nodiscard]] Iterator find_sessions(const K& key, Timestamp earliest_end,
                                       Timestamp latest_start) {
    return of_key(key, earliest_end, latest_start, Direction::forward);
  }
  [[nodiscard]] Iterator backward_find_sessions(const K& key, Timestamp earliest_end,
                                                Timestamp latest_start) {
    return of_key(key, earliest_end, latest_start, Direction::backward);
  }
  // Of the keys from one to another, in byte order, both included. nullptr: open.
  [[nodiscard]] Iterator find_sessions(const K& first, const K& last, Timestamp earliest_end,
                                       Timestamp latest_start) {
    return of_keys(&first, &last, earliest_end, latest_start, Direction::forward);
  }
  [[nodiscard]] Iterator find_sessions(const K* first, const K* last, Timestamp earliest_end,
                                       Timestamp latest_start) {
    return of_keys(first, last, earliest_end, latest_start, Direction::forward);
  }
  [[nodiscard]] Iterator backward_find_sessions(const K& first, const K& last,
                                                Timestamp earliest_end, Timestamp latest_start) {
    return of_keys(&first, &last, earliest_end, latest_start, Direction::backward);
  }
  [[nodiscard]] Iterator backward_find_sessions(const K* first, const K* last,
                                                Timestamp earliest_end, Timestamp latest_start) {
    return of_keys(first, last, earliest_end, latest_start, Direction::backward);
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

 protected:
  SessionView() = default;
  SessionView(StateStore& store, AnySerde<K> key_serde, AnySerde<typename Values::Plain> serde,
              const WriteContext& writer)
      : KeyedHandle<K>(store, {StoreKind::session}, std::move(key_serde), writer),
        values_(std::move(serde), this->spec().layout) {
    rows_.open(store);
  }

 private:
  [[nodiscard]] SessionRows& rows() {
    static_cast<void>(this->store());  // refuses an empty handle
    return rows_;
  }
  [[nodiscard]] Iterator typed(std::unique_ptr<SessionIterator> rows) const {
    return {SessionEntries<K, Values>{std::move(rows), this->key_serde(), values_},
            this->new_iterator()};
  }
  [[nodiscard]] Iterator of_key(const K& key, Timestamp earliest_end, Timestamp latest_start,
                                Direction direction) {
    return typed(rows().find(this->bytes_of(key), earliest_end, latest_start, direction));
  }
  [[nodiscard]] Iterator of_keys(const K* first, const K* last, Timestamp earliest_end,
                                 Timestamp latest_start, Direction direction) {
    ByteBuffer first_key;
    ByteBuffer last_key;
    const KeySpan keys{this->end_of_span(first, first_key), this->end_of_span(last, last_key)};
    return typed(rows().find(keys, earliest_end, latest_start, direction));
  }

  Values values_;
  SessionRows rows_;
  ByteBuffer stored_;
};

}  // namespace state

// A store of values by key and session. What it puts has no headers, and if the store keeps some,
// it does not show them. See state::SessionView.
template <class K, class V>
class SessionStore : public state::SessionView<K, state::PlainValues<V>> {
 public:
  SessionStore() = default;
  // For whoever hands out handles.
  SessionStore(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
               const state::WriteContext& writer)
      : state::SessionView<K, state::PlainValues<V>>(store, std::move(key_serde),
                                                     std::move(value_serde), writer) {}
};

// A store of values with headers by key and session. A changelog record takes its headers from the
// value, that of a removal from the record being processed. See state::SessionView, and
// ValueAndHeaders.
template <class K, class V>
class SessionStoreWithHeaders : public state::SessionView<K, state::ValuesWithHeaders<V>> {
 public:
  SessionStoreWithHeaders() = default;
  // For whoever hands out handles.
  SessionStoreWithHeaders(state::StateStore& store, AnySerde<K> key_serde, AnySerde<V> value_serde,
                          const state::WriteContext& writer)
      : state::SessionView<K, state::ValuesWithHeaders<V>>(store, std::move(key_serde),
                                                           std::move(value_serde), writer) {}
};

}  // namespace moldau::inline v0
