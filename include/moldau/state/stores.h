#pragma once

#include "moldau/export.h"
#include "moldau/serde/serde.h"
#include "moldau/state/store_serdes.h"
#include "moldau/state/store_spec.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

// Descriptions of stores for processors: given to add_state_store(), or to process() and
// add_processor() among the stores that a processor uses. Each function throws TopologyError naming
// the store if what it is given cannot be.
//
// Persistent stores are RocksDB's: on disk, and back after a restart without reading the changelog
// from its start. Those in memory are filled from the changelog at each start.
namespace moldau::inline v0 {

// How a store is kept, whatever its kind.
template <class K, class V>
struct Stored {
  AnySerde<K> key_serde = {};
  AnySerde<V> value_serde = {};
  // Collapse the writes to a key between commits: the changelog gets the last one. Default: off, as
  // in the reference. Has no effect on stores that retain duplicates, nor on versioned ones.
  bool caching = false;
  // Keep a changelog topic, from which the store is rebuilt. Default: on. Without it, what is in
  // the store is lost with the machine, and when its task moves to another one.
  bool logging = true;
  // Settings of the changelog topic, over the library's.
  std::map<std::string, std::string> changelog_config = {};
  // Keep the headers of values (ValueAndTimestamp::headers, ValueAndHeaders::headers): of
  // timestamped and session stores only. Default: off. A store on disk that changes it is rebuilt
  // from its changelog.
  bool headers = false;
};

// Which windows a store keeps.
struct WindowStoreShape {
  // How long a window stays behind the store's time: at least its size and the longest that a
  // record may be late.
  std::chrono::milliseconds retention;
  // From start to end. Only for the ends of windows that reads show.
  std::chrono::milliseconds window_size;
  // Every put is an entry of its own; nothing is replaced or deleted. Default: off.
  bool retain_duplicates = false;
};

// A store that a topology is to have.
template <class K, class V>
class StoreBuilder {
 public:
  StoreBuilder(state::StoreSpec spec, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : spec_(std::move(spec)),
        serdes_(state::make_store_serdes(std::move(key_serde), std::move(value_serde))) {}

  [[nodiscard]] const state::StoreSpec& spec() const noexcept { return spec_; }
  [[nodiscard]] const state::StoreSerdesPtr& serdes() const noexcept { return serdes_; }

 private:
  state::StoreSpec spec_;
  state::StoreSerdesPtr serdes_;  // shared with all tasks
};

namespace state {

// Each throws TopologyError naming the store if no store can be like that.
MOLDAU_EXPORT void check_shape(const StoreSpec& spec);
MOLDAU_EXPORT void check_serdes(const std::string& store, bool key_missing, bool value_missing);
[[nodiscard]] MOLDAU_EXPORT ValueLayout layout_with_headers(const StoreSpec& spec);
MOLDAU_EXPORT void check_max_entries(const std::string& store, std::size_t max_entries);
MOLDAU_EXPORT void check_segment_interval(const std::string& store,
                                          std::chrono::milliseconds interval);

// `shape` is what the kind of store decides.
template <class K, class V>
StoreBuilder<K, V> describe(std::string name, StoreSpec shape, Stored<K, V> stored) {
  shape.name = std::move(name);
  shape.caching = stored.caching;
  shape.logging = stored.logging;
  shape.changelog_config = std::move(stored.changelog_config);
  check_shape(shape);
  check_serdes(shape.name, stored.key_serde.missing(), stored.value_serde.missing());
  if (stored.headers) shape.layout = layout_with_headers(shape);
  return {std::move(shape), std::move(stored.key_serde), std::move(stored.value_serde)};
}

inline StoreSpec key_value_shape(StoreType type, ValueLayout layout) {
  return {.name = {}, .type = type, .layout = layout};
}
inline StoreSpec window_shape(StoreType type, ValueLayout layout, const WindowStoreShape& windows) {
  return {.name = {},
          .type = type,
          .layout = layout,
          .kind = StoreKind::window,
          .retention = windows.retention,
          .window_size = windows.window_size,
          .retain_duplicates = windows.retain_duplicates};
}
inline StoreSpec session_shape(StoreType type, std::chrono::milliseconds retention) {
  return {.name = {},
          .type = type,
          .layout = ValueLayout::plain,
          .kind = StoreKind::session,
          .retention = retention};
}

}  // namespace state

// Values by key: opened by key_value_store().
template <class K, class V>
StoreBuilder<K, V> persistent_key_value_store(std::string name, Stored<K, V> stored = {}) {
  return state::describe(std::move(name),
                         state::key_value_shape(StoreType::rocksdb, state::ValueLayout::plain),
                         std::move(stored));
}
template <class K, class V>
StoreBuilder<K, V> in_memory_key_value_store(std::string name, Stored<K, V> stored = {}) {
  return state::describe(std::move(name),
                         state::key_value_shape(StoreType::in_memory, state::ValueLayout::plain),
                         std::move(stored));
}
// The entries used last, in memory: one more than `max_entries` deletes the one that was read or
// written longest ago, in the changelog too.
template <class K, class V>
StoreBuilder<K, V> lru_key_value_store(std::string name, std::size_t max_entries,
                                       Stored<K, V> stored = {}) {
  state::StoreSpec shape = state::key_value_shape(StoreType::in_memory, state::ValueLayout::plain);
  state::check_max_entries(name, max_entries);
  shape.max_entries = max_entries;
  return state::describe(std::move(name), std::move(shape), std::move(stored));
}

// Values with their times by key: opened by timestamped_key_value_store().
template <class K, class V>
StoreBuilder<K, V> persistent_timestamped_key_value_store(std::string name,
                                                          Stored<K, V> stored = {}) {
  return state::describe(
      std::move(name), state::key_value_shape(StoreType::rocksdb, state::ValueLayout::timestamped),
      std::move(stored));
}
template <class K, class V>
StoreBuilder<K, V> in_memory_timestamped_key_value_store(std::string name,
                                                         Stored<K, V> stored = {}) {
  return state::describe(
      std::move(name),
      state::key_value_shape(StoreType::in_memory, state::ValueLayout::timestamped),
      std::move(stored));
}

// What each key was at each time of the `history`, which reaches back from the store's time: opened
// by versioned_key_value_store(). `segment_interval` is how finely old versions are let go;
// default: the reference's rule, by the history.
template <class K, class V>
StoreBuilder<K, V> persistent_versioned_key_value_store(
    std::string name, std::chrono::milliseconds history, Stored<K, V> stored = {},
    std::optional<std::chrono::milliseconds> segment_interval = {}) {
  state::StoreSpec shape = state::key_value_shape(StoreType::rocksdb, state::ValueLayout::plain);
  shape.kind = state::StoreKind::versioned;
  shape.retention = history;
  if (segment_interval) {
    state::check_segment_interval(name, *segment_interval);
    shape.segment_interval = *segment_interval;
  }
  return state::describe(std::move(name), std::move(shape), std::move(stored));
}

// Values by key and window: opened by window_store().
template <class K, class V>
StoreBuilder<K, V> persistent_window_store(std::string name, const WindowStoreShape& windows,
                                           Stored<K, V> stored = {}) {
  return state::describe(
      std::move(name), state::window_shape(StoreType::rocksdb, state::ValueLayout::plain, windows),
      std::move(stored));
}
template <class K, class V>
StoreBuilder<K, V> in_memory_window_store(std::string name, const WindowStoreShape& windows,
                                          Stored<K, V> stored = {}) {
  return state::describe(
      std::move(name),
      state::window_shape(StoreType::in_memory, state::ValueLayout::plain, windows),
      std::move(stored));
}

// Values with their times by key and window: opened by timestamped_window_store().
template <class K, class V>
StoreBuilder<K, V> persistent_timestamped_window_store(std::string name,
                                                       const WindowStoreShape& windows,
                                                       Stored<K, V> stored = {}) {
  return state::describe(
      std::move(name),
      state::window_shape(StoreType::rocksdb, state::ValueLayout::timestamped, windows),
      std::move(stored));
}
template <class K, class V>
StoreBuilder<K, V> in_memory_timestamped_window_store(std::string name,
                                                      const WindowStoreShape& windows,
                                                      Stored<K, V> stored = {}) {
  return state::describe(
      std::move(name),
      state::window_shape(StoreType::in_memory, state::ValueLayout::timestamped, windows),
      std::move(stored));
}

// Values by key and session: opened by session_store(). `retention` is how long a session stays
// behind the store's time, counted from its end: at least the gap and the longest that a record may
// be late.
template <class K, class V>
StoreBuilder<K, V> persistent_session_store(std::string name, std::chrono::milliseconds retention,
                                            Stored<K, V> stored = {}) {
  return state::describe(std::move(name), state::session_shape(StoreType::rocksdb, retention),
                         std::move(stored));
}
template <class K, class V>
StoreBuilder<K, V> in_memory_session_store(std::string name, std::chrono::milliseconds retention,
                                           Stored<K, V> stored = {}) {
  return state::describe(std::move(name), state::session_shape(StoreType::in_memory, retention),
                         std::move(stored));
}

}  // namespace moldau::inline v0
