#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/row_format.h"
#include "moldau/processor/table_rows.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"
#include "moldau/state/session_rows.h"
#include "moldau/state/window_rows.h"

#include <utility>

// Look up the rows of a table in its store, by its typed key. Beside the buffers of the node that
// writes, because a look-up may come while that is in the middle of a record. read() fills `value`
// and `time`; false, and both of no meaning, if there is no such row.
namespace moldau::inline v0::processor {

template <class K, class V>
class KeyValueRowReader {
 public:
  using Key = K;
  using Value = V;
  using StoreKey = K;  // what the store's key serde is of

  KeyValueRowReader(AnySerde<K> key_serde, AnySerde<V> value_serde)
      : key_serde_(std::move(key_serde)), value_serde_(std::move(value_serde)) {}

  void open(TaskContext& context, const TableSettings& table) {
    rows_.open(context, table.store, table.versioned);
    versioned_ = table.versioned;
  }

  bool read(const K& key, V& value, Timestamp& time) {
    if (!key_serde_.serialize(key, rows_.start_key()) || !rows_.read()) return false;
    take(value, time);
    return true;
  }
  bool read_at(const K& key, Timestamp at, V& value, Timestamp& time) {
    if (!key_serde_.serialize(key, rows_.start_key()) || !rows_.read_at(at)) return false;
    take(value, time);
    return true;
  }
  [[nodiscard]] bool has_history() const noexcept { return versioned_; }

 private:
  void take(V& value, Timestamp& time) {
    value_serde_.deserialize(rows_.value(), value);
    time = rows_.time();
  }

  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  TableRows rows_;
  bool versioned_ = false;
};

// A windowed row is found by its start.
template <class K, class V>
class WindowRowReader {
 public:
  using Key = Windowed<K>;
  using Value = V;
  using StoreKey = K;

  WindowRowReader(AnySerde<K> key_serde, AnySerde<V> value_serde)
      : key_serde_(std::move(key_serde)), value_serde_(std::move(value_serde)) {}

  void open(TaskContext& context, const TableSettings& table) {
    rows_.open(context.store(table.store));
    format_ = RowFormat{rows_.layout()};
  }

  bool read(const Windowed<K>& key, V& value, Timestamp& time) {
    key_.clear();
    if (!key_serde_.serialize(key.key, key_)) return false;
    if (!rows_.get(key_, key.window.start, row_)) return false;
    value_serde_.deserialize(format_.value(row_), value);
    time = format_.time(row_);
    return true;
  }

 private:
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  state::WindowRows rows_;
  RowFormat format_;
  ByteBuffer key_;
  ByteBuffer row_;
};

// A session's time is its end.
template <class K, class V>
class SessionRowReader {
 public:
  using Key = Windowed<K>;
  using Value = V;
  using StoreKey = K;

  SessionRowReader(AnySerde<K> key_serde, AnySerde<V> value_serde)
      : key_serde_(std::move(key_serde)), value_serde_(std::move(value_serde)) {}

  void open(TaskContext& context, const TableSettings& table) {
    rows_.open(context.store(table.store));
    format_ = RowFormat{rows_.layout()};
  }

  bool read(const Windowed<K>& key, V& value, Timestamp& time) {
    key_.clear();
    if (!key_serde_.serialize(key.key, key_)) return false;
    if (!rows_.get(key_, {.from = key.window.start, .to = key.window.end}, row_)) return false;
    value_serde_.deserialize(format_.value(row_), value);
    time = key.window.end;
    return true;
  }

 private:
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  state::SessionRows rows_;
  RowFormat format_;
  ByteBuffer key_;
  ByteBuffer row_;
};

}  // namespace moldau::inline v0::processor
