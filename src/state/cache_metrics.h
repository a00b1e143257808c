#pragma once

#include "moldau/metrics/metric_registry.h"

#include <cstdint>
#include <map>
#include <string>

namespace moldau::inline v0::state {

// How often a record cache had the answer: `hit-ratio-avg` in stream-record-cache-metrics, with the
// two counters it is made of. Counted in plain numbers and published at each flush.
class CacheMetrics {
 public:
  CacheMetrics(MetricRegistry& registry, std::map<std::string, std::string> tags,
               const std::string& store);
  ~CacheMetrics();
  CacheMetrics(const CacheMetrics&) = delete;
  CacheMetrics& operator=(const CacheMetrics&) = delete;

  void hit() noexcept { ++hits_; }
  void missed() noexcept { ++misses_; }
  void evicted() noexcept { ++evictions_; }

  void publish() noexcept;

 private:
  MetricRegistry& registry_;
  MetricName ratio_;
  Counter& hit_counter_;
  Counter& miss_counter_;
  Counter& eviction_counter_;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t evictions_ = 0;
};

}  // namespace moldau::inline v0::state
