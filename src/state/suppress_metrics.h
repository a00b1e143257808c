#pragma once

#include "moldau/base/clock.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/metrics/sensors.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace moldau::inline v0::state {

// How full a buffer is, in stream-state-metrics: `suppression-buffer-size-current` (bytes) and
// `suppression-buffer-count-current`, as of the last flush, and of both the average and the highest
// after each change of the buffer (`-avg`, `-max`). Gathered in plain numbers on the buffer's
// thread and published at each flush.
class SuppressMetrics {
 public:
  SuppressMetrics(MetricRegistry& registry, const Clock& clock,
                  std::map<std::string, std::string> tags, const std::string& store);
  ~SuppressMetrics();
  SuppressMetrics(const SuppressMetrics&) = delete;
  SuppressMetrics& operator=(const SuppressMetrics&) = delete;

  void restored(std::uint64_t records) noexcept { restored_.add(records); }
  // Said after each change.
  void changed(std::size_t records, std::size_t bytes) noexcept {
    record_values_.add(records);
    byte_values_.add(bytes);
  }
  void publish(std::size_t records, std::size_t bytes) noexcept;

 private:
  MetricRegistry& registry_;
  MetricName size_;
  MetricName count_;
  Counter& restored_;
  ValueSensor& record_sensor_;
  ValueSensor& byte_sensor_;
  ValueSensor::Batch record_values_;
  ValueSensor::Batch byte_values_;
  std::atomic<std::size_t> records_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace moldau::inline v0::state
