#include "state/suppress_metrics.h"

#include <utility>

namespace moldau::inline v0::state {

namespace {

std::map<std::string, std::string> with_store(std::map<std::string, std::string> tags,
                                              const std::string& store) {
  tags["in-memory-suppression-state-id"] = store;
  return tags;
}

}  // namespace

SuppressMetrics::SuppressMetrics(MetricRegistry& registry, const Clock& clock,
                                 std::map<std::string, std::string> tags, const std::string& store)
    : registry_(registry),
      size_{.name = "suppression-buffer-size-current",
            .group = "stream-state-metrics",
            .tags = with_store(std::move(tags), store)},
      count_{.name = "suppression-buffer-count-current", .group = size_.group, .tags = size_.tags},
      restored_(
          registry.counter({.name = "restore-total", .group = size_.group, .tags = size_.tags})),
      record_sensor_(registry.value_sensor(
          {.name = "suppression-buffer-count", .group = size_.group, .tags = size_.tags}, clock)),
      byte_sensor_(registry.value_sensor(
          {.name = "suppression-buffer-size", .group = size_.group, .tags = size_.tags}, clock)) {
  registry_.gauge(size_,
                  [this] { return static_cast<double>(bytes_.load(std::memory_order_relaxed)); });
  registry_.gauge(count_,
                  [this] { return static_cast<double>(records_.load(std::memory_order_relaxed)); });
}

SuppressMetrics::~SuppressMetrics() {
  registry_.remove_gauge(size_);
  registry_.remove_gauge(count_);
}

void SuppressMetrics::publish(std::size_t records, std::size_t bytes) noexcept {
  records_.store(records, std::memory_order_relaxed);
  bytes_.store(bytes, std::memory_order_relaxed);
  record_sensor_.record(std::exchange(record_values_, {}));
  byte_sensor_.record(std::exchange(byte_values_, {}));
}

}  // namespace moldau::inline v0::state
