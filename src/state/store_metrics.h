#pragma once

#include "moldau/metrics/metric_registry.h"
#include "moldau/state/store_spec.h"

#include <cstdint>
#include <map>
#include <string>

namespace moldau::inline v0::state {

// The tags of a store's metrics: those of its task, and `rocksdb-state-id` or `in-memory-state-id`.
[[nodiscard]] std::map<std::string, std::string> store_tags(std::map<std::string, std::string> tags,
                                                            StoreType type,
                                                            const std::string& store);

// What a store counts, under the names of the reference, in group stream-state-metrics. Counted in
// plain numbers on the store's thread and published at each commit, so that a record pays an
// increment and no atomic.
class StoreMetrics {
 public:
  // `tags`: store_tags().
  StoreMetrics(MetricRegistry& registry, const std::map<std::string, std::string>& tags);

  void got() noexcept { ++gets_; }
  // A read that memory could not answer.
  void read_storage() noexcept { ++storage_reads_; }
  void put() noexcept { ++puts_; }
  void deleted() noexcept { ++deletes_; }
  void ranged() noexcept { ++ranges_; }
  void restored(std::uint64_t records) noexcept { restored_ += records; }

  void publish() noexcept;

 private:
  // One published counter with what has gathered since.
  struct Gathered {
    explicit Gathered(Counter& to) noexcept : counter(to) {}
    Gathered& operator++() noexcept {
      ++pending;
      return *this;
    }
    Gathered& operator+=(std::uint64_t by) noexcept {
      pending += by;
      return *this;
    }
    Counter& counter;
    std::uint64_t pending = 0;
  };

  Gathered gets_;
  Gathered storage_reads_;
  Gathered puts_;
  Gathered deletes_;
  Gathered ranges_;
  Gathered restored_;
};

}  // namespace moldau::inline v0::state
