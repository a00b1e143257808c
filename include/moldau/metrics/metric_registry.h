#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace moldau::inline v0 {

// A number that only grows, e.g. records dropped. Any thread; one relaxed addition.
class Counter {
 public:
  void add(std::uint64_t by = 1) noexcept { value_.fetch_add(by, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Name, group and tags of the reference: {"dropped-records-total", "stream-task-metrics",
// {{"task-id", "0_1"}, {"thread-id", "..."}}}.
struct MetricName {
  std::string name;
  std::string group;
  std::map<std::string, std::string> tags;

  friend bool operator==(const MetricName&, const MetricName&) = default;
  friend auto operator<=>(const MetricName&, const MetricName&) = default;
};

struct MetricValue {
  MetricName name;
  double value = 0;
};

class RateSensor;
class LatencySensor;
class ValueSensor;

// The metrics of one application. Registering takes a lock, counting does not. Any thread.
class MOLDAU_EXPORT MetricRegistry {
 public:
  MetricRegistry();
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;
  MetricRegistry& operator=(const MetricRegistry&) = delete;

  // The counter of that name, made at the first call. The reference stays valid while the registry
  // lives.
  Counter& counter(const MetricName& name);

  // Sensors that show as several metrics, made at the first call; `name.name` is the operation.
  // `<operation>-total` and `<operation>-rate`, and for latency `<operation>-latency-avg` and
  // `-latency-max` too. `clock` outlives the registry. References stay valid while it lives.
  RateSensor& rate_sensor(const MetricName& name, const Clock& clock);
  LatencySensor& latency_sensor(const MetricName& name, const Clock& clock);
  // Likewise: `<name>-avg` and `<name>-max`, not a number if nothing was recorded of late.
  ValueSensor& value_sensor(const MetricName& name, const Clock& clock);

  // A value that is read when somebody looks; replaces a gauge of that name. `read` is called on
  // the looker's thread. It must not throw, and must not call the registry.
  void gauge(const MetricName& name, std::function<double()> read);
  // When this returns `read` is not running and will not be called again. Fine if there is none.
  void remove_gauge(const MetricName& name);

  [[nodiscard]] std::vector<MetricValue> snapshot() const;

  // Sum of all counters and gauges of that name, whatever their tags.
  [[nodiscard]] double sum(const std::string& name) const;

 private:
  struct CountedValues;

  template <class Sensor>
  Sensor* find_or_make(std::map<MetricName, std::unique_ptr<Sensor>>& sensors,
                       const MetricName& name, const Clock& clock, bool& made);

  mutable std::mutex mutex_;  // guards the maps, not the counters' values
  std::map<MetricName, std::unique_ptr<Counter>> counters_;
  std::map<MetricName, std::unique_ptr<RateSensor>> rates_;
  std::map<MetricName, std::unique_ptr<LatencySensor>> latencies_;
  std::map<MetricName, std::unique_ptr<CountedValues>> values_;
  std::map<MetricName, std::function<double()>> gauges_;
};

}  // namespace moldau::inline v0
