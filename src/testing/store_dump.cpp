#include "testing/store_dump.h"

#include "moldau/base/error.h"
#include "moldau/serde/list_format.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/session_rows.h"
#include "moldau/state/value_layout.h"
#include "moldau/state/versioned_rows.h"
#include "moldau/state/window_rows.h"

#include "state/store_layer.h"
#include "state/versioned_store.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace moldau::inline v0::testing {

namespace {

using state::Direction;
using state::ValueLayout;

StoreEntry entry(Bytes key, Bytes stored, ValueLayout layout) {
  const state::StoredValue parts = state::split_stored(layout, stored, Timestamp::unknown());
  StoreEntry entry{.key = ByteBuffer{key}, .value = ByteBuffer{parts.value}};
  if (state::has_time(layout)) entry.timestamp = parts.timestamp;
  state::decode_headers(parts.headers, entry.headers);
  return entry;
}

std::vector<StoreEntry> dump_windows(state::StateStore& store, ValueLayout layout) {
  state::WindowRows rows;
  rows.open(store);
  std::vector<StoreEntry> entries;
  for (const auto it = rows.fetch(state::KeySpan{}, {}, Direction::forward); it->valid();
       it->next()) {
    entries.push_back(entry(it->key(), it->value(), layout));
    entries.back().window_start = it->start();
  }
  return entries;
}

std::vector<StoreEntry> dump_sessions(state::StateStore& store, ValueLayout layout) {
  state::SessionRows rows;
  rows.open(store);
  std::vector<StoreEntry> entries;
  for (const auto it =
           rows.find(state::KeySpan{}, Timestamp{0}, Timestamp::max(), Direction::forward);
       it->valid(); it->next()) {
    entries.push_back(entry(it->key(), it->value(), layout));
    entries.back().window_start = it->start();
    entries.back().window_end = it->end();
  }
  return entries;
}

std::vector<StoreEntry> dump_versions(state::StateStore& store) {
  state::VersionedRows rows;
  rows.open(store);
  std::vector<StoreEntry> entries;
  for (const ByteBuffer& key : state::find_layer<state::VersionedStore>(store)->keys()) {
    for (const auto it = rows.history(key, {}, Direction::forward); it->valid(); it->next()) {
      entries.push_back({.key = key,
                         .value = ByteBuffer{it->value()},
                         .timestamp = it->version().from,
                         .valid_to = it->version().until});
    }
  }
  return entries;
}

// One entry for each value of the list.
void add_list(Bytes key, Bytes stored, std::vector<StoreEntry>& entries) {
  moldau::detail::ListReader values{stored, 0};  // each carries its length
  for (std::size_t left = values.size(); left > 0; --left) {
    if (const std::optional<Bytes> value = values.next()) {
      entries.push_back(entry(key, *value, ValueLayout::plain));
    }
  }
}

std::vector<StoreEntry> dump_rows(state::KeyValueBytesStore& store) {
  const state::StoreSpec& spec = store.spec();
  std::vector<StoreEntry> entries;
  for (const auto it = store.range(state::ByteRange::all(), Direction::forward); it->valid();
       it->next()) {
    if (spec.lists) {
      add_list(it->key(), it->value(), entries);
    } else {
      entries.push_back(entry(it->key(), it->value(), spec.layout));
    }
  }
  return entries;
}

std::vector<StoreEntry> dump(state::KeyValueBytesStore& store) {
  switch (store.spec().kind) {
    case state::StoreKind::window:
      return dump_windows(store, store.spec().layout);
    case state::StoreKind::session:
      return dump_sessions(store, store.spec().layout);
    case state::StoreKind::versioned:
      return dump_versions(store);
    case state::StoreKind::key_value:
    case state::StoreKind::buffer:
      break;
  }
  return dump_rows(store);
}

}  // namespace

std::vector<StoreEntry> dump_store(state::StateStore& store) {
  auto* rows = dynamic_cast<state::KeyValueBytesStore*>(&store);
  if (rows == nullptr) {
    throw Error("store \"" + std::string{store.name()} + "\" is a buffer: it has no rows to show");
  }
  std::vector<StoreEntry> entries = dump(*rows);
  const state::StoreKind kind = rows->spec().kind;
  if (kind == state::StoreKind::key_value || kind == state::StoreKind::versioned) {
    return entries;  // come in that order
  }
  std::ranges::stable_sort(entries, {}, [](const StoreEntry& entry) {
    return std::tuple{entry.key.bytes(), entry.window_start, entry.window_end};
  });
  return entries;
}

}  // namespace moldau::inline v0::testing
