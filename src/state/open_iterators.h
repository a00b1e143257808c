#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::state {

// The iterators of one store that the application has made and not yet closed, in
// stream-state-metrics: `num-open-iterators`, `oldest-iterator-open-since-ms` (milliseconds since
// the epoch; not a number if none is open), and `iterator-duration-avg` and `-max` (nanoseconds
// from made to closed). Those of the library's own operators end within their record and are left
// out.
//
// Any thread: those that read a global store share it. An iterator takes a lock and reads the clock
// when it is made and when it is closed, which is little beside the look into storage that it is;
// nobody contends for the lock but who looks at metrics. Memory is kept.
class MOLDAU_TESTING_EXPORT OpenIterators {
 public:
  // `tags`: as those of StoreMetrics, the store's included. The registry and the clock outlive
  // this.
  OpenIterators(MetricRegistry& registry, const Clock& clock,
                const std::map<std::string, std::string>& tags);
  ~OpenIterators();
  OpenIterators(const OpenIterators&) = delete;
  OpenIterators& operator=(const OpenIterators&) = delete;

  // A number to be given back to closed().
  [[nodiscard]] std::size_t opened();
  void closed(std::size_t iterator) noexcept;

 private:
  [[nodiscard]] double open() const;
  [[nodiscard]] double oldest() const;

  MetricRegistry& registry_;
  const Clock& clock_;
  MetricName open_name_;
  MetricName oldest_name_;
  ValueSensor& durations_;
  mutable std::mutex mutex_;                         // guards what follows
  std::vector<std::optional<Clock::Steady>> since_;  // nullopt: closed, to be used again
};

}  // namespace moldau::inline v0::state
