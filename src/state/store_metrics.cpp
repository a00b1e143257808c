#include "state/store_metrics.h"

#include <utility>

namespace moldau::inline v0::state {

std::map<std::string, std::string> store_tags(std::map<std::string, std::string> tags,
                                              StoreType type, const std::string& store) {
  tags[type == StoreType::rocksdb ? "rocksdb-state-id" : "in-memory-state-id"] = store;
  return tags;
}

namespace {

Counter& counter(MetricRegistry& registry, const std::map<std::string, std::string>& tags,
                 std::string name) {
  return registry.counter({.name = std::move(name), .group = "stream-state-metrics", .tags = tags});
}

}  // namespace

StoreMetrics::StoreMetrics(MetricRegistry& registry, const std::map<std::string, std::string>& tags)
    : gets_(counter(registry, tags, "get-total")),
      storage_reads_(counter(registry, tags, "storage-read-total")),
      puts_(counter(registry, tags, "put-total")),
      deletes_(counter(registry, tags, "delete-total")),
      ranges_(counter(registry, tags, "range-total")),
      restored_(counter(registry, tags, "restore-total")) {}

void StoreMetrics::publish() noexcept {
  for (Gathered* gathered : {&gets_, &storage_reads_, &puts_, &deletes_, &ranges_, &restored_}) {
    if (gathered->pending == 0) continue;
    gathered->counter.add(gathered->pending);
    gathered->pending = 0;
  }
}

}  // namespace moldau::inline v0::state
