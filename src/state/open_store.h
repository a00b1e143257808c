#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/storage.h"
#include "moldau/state/store_spec.h"

#include "state/record_cache.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::state {

// Where the changelog records of a store go.
struct ChangelogTarget {
  ChangelogTarget(RecordSink& to, TopicHandle handle, PartitionId part) noexcept
      : sink(to), topic(handle), partition(part) {}
  RecordSink& sink;
  TopicHandle topic;
  PartitionId partition;
};

// What a store is put together from. Everything referred to outlives the store.
struct StoreParts {
  Storage& storage;              // for stores on disk
  std::filesystem::path folder;  // likewise
  bool in_memory = false;        // keeps stores on disk in memory instead
  bool lingering = true;         // false: without StoreSpec::linger
  DslStoreFormat format = DslStoreFormat::without_headers;  // of the stores of tables
  std::optional<ChangelogTarget> changelog;                 // nullopt: it writes none
  RecordCache* cache = nullptr;                             // nullptr: no caches at all
  DroppedRows* drops = nullptr;                             // nullptr: dropped rows are not counted
  Logger& logger;
  const Clock& clock;
  MetricRegistry& metrics;
  std::map<std::string, std::string> metric_tags = {};
};

// Puts a store together as its spec says: cache, changelog, overlay, and below them RocksDB or
// memory. Throws what Storage::open() throws, and StoreDamaged if the rows on disk have another
// layout.
[[nodiscard]] MOLDAU_TESTING_EXPORT std::unique_ptr<KeyValueBytesStore> open_store(
    const StoreSpec& spec, const StoreParts& parts);

// The same for a store of any kind.
[[nodiscard]] MOLDAU_TESTING_EXPORT std::unique_ptr<StateStore> open_state_store(
    const StoreSpec& spec, const StoreParts& parts);

}  // namespace moldau::inline v0::state
