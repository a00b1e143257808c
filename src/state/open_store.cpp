#include "state/open_store.h"

#include "state/cache_metrics.h"
#include "state/caching_store.h"
#include "state/changelog_store.h"
#include "state/memory_map.h"
#include "state/overlay_store.h"
#include "state/store_metrics.h"

#include <cstddef>
#include <utility>

namespace moldau::inline v0::state {

namespace {

// Committed rows that a store on disk keeps at hand: a hundred thousand small ones. Filled only as
// far as they are read or written.
constexpr std::size_t clean_rows_on_disk = 16U << 20;
// What lies in memory anyway is not kept twice.
constexpr std::size_t clean_rows_in_memory = 0;

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

  std::unique_ptr<KeyValueBytesStore> store = std::make_unique<OverlayStore>(
      spec.name, spec.layout, std::move(storage),
      on_disk ? clean_rows_on_disk : clean_rows_in_memory,
      StoreMetrics{parts.metrics, parts.metric_tags, spec.type, spec.name});
  if (parts.changelog) {
    store = std::make_unique<ChangelogStore>(std::move(store), spec.layout, *parts.changelog);
  }
  if (spec.caching && parts.cache != nullptr) {
    store = std::make_unique<CachingStore>(
        std::move(store), *parts.cache,
        std::make_unique<CacheMetrics>(parts.metrics, parts.metric_tags, spec.name));
  }
  return store;
}

std::unique_ptr<StateStore> open_state_store(const StoreSpec& spec, const StoreParts& parts) {
  return open_store(spec, parts);
}

}  // namespace moldau::inline v0::state
