#include "state/open_store.h"

#include "moldau/state/value_layout.h"

#include "state/cache_metrics.h"
#include "state/caching_store.h"
#include "state/changelog_store.h"
#include "state/lru_store.h"
#include "state/memory_map.h"
#include "state/open_iterators.h"
#include "state/overlay_store.h"
#include "state/row_key.h"
#include "state/segmented_store.h"
#include "state/store_metrics.h"
#include "state/suppress_buffer.h"
#include "state/versioned_store.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace moldau::inline v0::state {

namespace {

// Committed rows that a store on disk keeps at hand: a hundred thousand small ones. Filled only as
// far as they are read or written.
constexpr std::size_t clean_rows_on_disk = 16U << 20;
// What lies in memory anyway is not kept twice.
constexpr std::size_t clean_rows_in_memory = 0;

std::unique_ptr<KeyValueBytesStore> with_key_schema(std::unique_ptr<OverlayStore> rows,
                                                    DroppedRows* drops) {
  switch (rows->spec().kind) {
    case StoreKind::window:
    case StoreKind::session:
      return std::make_unique<SegmentedStore>(std::move(rows), drops);
    case StoreKind::versioned:
      return std::make_unique<VersionedStore>(std::move(rows), drops);
    case StoreKind::key_value:
    case StoreKind::buffer:
      break;
  }
  return rows;
}

// As in the reference: every put of a duplicate is an entry of its own, a session that is emitted
// when it closes is looked for by time, and a version is never overwritten.
bool can_be_cached(const StoreSpec& spec) noexcept {
  const bool sessions_by_time = spec.kind == StoreKind::session && spec.time_index;
  return spec.caching && !spec.retain_duplicates && !sessions_by_time &&
         spec.kind != StoreKind::versioned;
}

// As in the reference, tables in memory keep no headers.
ValueLayout layout_of(const StoreSpec& spec, DslStoreFormat format) noexcept {
  // The time of a version is no part of its value.
  if (spec.kind == StoreKind::versioned) return ValueLayout::plain;
  const bool asked = spec.of_table && format == DslStoreFormat::headers;
  if (!asked || spec.type != StoreType::rocksdb) return spec.layout;
  return spec.kind == StoreKind::session ? ValueLayout::headers_untimed : ValueLayout::headers;
}

bool holds_anything(const StorageMap& storage) {
  return storage.position() || storage.range(ByteRange::all(), Direction::forward)->valid();
}

// Rows do not say themselves whether they begin with headers.
void check_layout(StorageMap& storage, const StoreSpec& spec) {
  const Bytes mark{std::string_view{has_headers(spec.layout) ? "headers" : ""}};
  if (storage.mark() == mark) return;
  if (!holds_anything(storage)) return storage.set_mark(mark);
  const bool had = !storage.mark().empty();
  throw StoreDamaged("store \"" + spec.name + "\": its rows on disk were written with" +
                     (had ? "" : "out") + " headers and are to be read with" + (had ? "out" : "") +
                     "; go back to the dsl.store.format (or Stored::headers) that they were "
                     "written with, or delete the store's folder to rebuild it from the changelog");
}

}  // namespace

std::unique_ptr<KeyValueBytesStore> open_store(const StoreSpec& spec, const StoreParts& parts) {
  const bool on_disk = spec.type == StoreType::rocksdb && !parts.in_memory;
  std::unique_ptr<StorageMap> storage;
  if (on_disk) {
    storage = parts.storage.open(parts.folder);
  } else {
    storage = std::make_unique<MemoryMap>();
  }
  if (parts.logger.enabled(LogLevel::debug)) {
    parts.logger.debug("store \"" + spec.name + "\": opened " +
                       (on_disk ? parts.folder.string() : "in memory") + ", about " +
                       std::to_string(storage->approximate_entries()) + " entries");
  }

  StoreSpec kept = spec;
  kept.layout = layout_of(spec, parts.format);
  check_layout(*storage, kept);
  if (!parts.lingering) kept.linger = std::chrono::milliseconds{0};
  const auto tags = store_tags(parts.metric_tags, spec.type, spec.name);
  auto rows = std::make_unique<OverlayStore>(
      std::move(kept), std::move(storage), on_disk ? clean_rows_on_disk : clean_rows_in_memory,
      StoreMetrics{parts.metrics, tags},
      std::make_unique<OpenIterators>(parts.metrics, parts.clock, tags));

  std::unique_ptr<KeyValueBytesStore> store = with_key_schema(std::move(rows), parts.drops);
  if (parts.changelog) {
    const bool segmented = spec.kind == StoreKind::window || spec.kind == StoreKind::session;
    store = std::make_unique<ChangelogStore>(std::move(store), segmented ? segment_size : 0,
                                             *parts.changelog);
  }
  if (spec.max_entries > 0) {
    store = std::make_unique<LruStore>(std::move(store), spec.max_entries);
  }
  if (can_be_cached(spec) && parts.cache != nullptr) {
    store = std::make_unique<CachingStore>(
        std::move(store), *parts.cache,
        std::make_unique<CacheMetrics>(parts.metrics, parts.metric_tags, spec.name));
  }
  return store;
}

std::unique_ptr<StateStore> open_state_store(const StoreSpec& spec, const StoreParts& parts) {
  if (spec.kind == StoreKind::buffer && !spec.join_buffer) {
    return std::make_unique<SuppressBuffer>(
        spec.name, parts.changelog,
        std::make_unique<SuppressMetrics>(parts.metrics, parts.clock, parts.metric_tags,
                                          spec.name));
  }
  return open_store(spec, parts);
}

}  // namespace moldau::inline v0::state
