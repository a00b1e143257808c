#include "state/cache_metrics.h"

#include <utility>

namespace moldau::inline v0::state {

namespace {

MetricName name_of(std::string name, const std::map<std::string, std::string>& tags) {
  return {.name = std::move(name), .group = "stream-record-cache-metrics", .tags = tags};
}

std::map<std::string, std::string> with_store(std::map<std::string, std::string> tags,
                                              const std::string& store) {
  tags["record-cache-id"] = store;
  return tags;
}

}  // namespace

CacheMetrics::CacheMetrics(MetricRegistry& registry, std::map<std::string, std::string> tags,
                           const std::string& store)
    : registry_(registry),
      ratio_(name_of("hit-ratio-avg", with_store(std::move(tags), store))),
      hit_counter_(registry.counter(name_of("hit-total", ratio_.tags))),
      miss_counter_(registry.counter(name_of("miss-total", ratio_.tags))),
      eviction_counter_(registry.counter(name_of("eviction-total", ratio_.tags))) {
  registry_.gauge(ratio_, [&hit = hit_counter_, &miss = miss_counter_] {
    const auto hits = static_cast<double>(hit.value());
    const auto reads = hits + static_cast<double>(miss.value());
    return reads > 0 ? hits / reads : 0;
  });
}

CacheMetrics::~CacheMetrics() {
  publish();
  registry_.remove_gauge(ratio_);
}

void CacheMetrics::publish() noexcept {
  hit_counter_.add(std::exchange(hits_, 0));
  miss_counter_.add(std::exchange(misses_, 0));
  eviction_counter_.add(std::exchange(evictions_, 0));
}

}  // namespace moldau::inline v0::state
