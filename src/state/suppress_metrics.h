#pragma once

#include "moldau/metrics/metric_registry.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace moldau::inline v0::state {

// How full a buffer is: `suppression-buffer-size-current` (bytes) and
// `suppression-buffer-count-current` in stream-state-metrics, as of the last flush.
class SuppressMetrics {
 public:
  SuppressMetrics(MetricRegistry& registry, std::map<std::string, std::string> tags,
                  const std::string& store);
  ~SuppressMetrics();
  SuppressMetrics(const SuppressMetrics&) = delete;
  SuppressMetrics& operator=(const SuppressMetrics&) = delete;

  void restored(std::uint64_t records) noexcept { restored_.add(records); }
  void publish(std::size_t records, std::size_t bytes) noexcept;

 private:
  MetricRegistry& registry_;
  MetricName size_;
  MetricName count_;
  Counter& restored_;
  std::atomic<std::size_t> records_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace moldau::inline v0::state
