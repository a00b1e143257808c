#include "moldau/metrics/metric_registry.h"

#include "moldau/metrics/sensors.h"

#include <string_view>

namespace moldau::inline v0 {

// Whose count is nobody's metric.
struct MetricRegistry::CountedValues {
  explicit CountedValues(const Clock& clock) : sensor(count, clock) {}
  Counter count;
  ValueSensor sensor;
};

MetricRegistry::MetricRegistry() = default;
MetricRegistry::~MetricRegistry() = default;

Counter& MetricRegistry::counter(const MetricName& name) {
  const std::lock_guard lock{mutex_};
  std::unique_ptr<Counter>& counter = counters_[name];
  if (counter == nullptr) counter = std::make_unique<Counter>();
  return *counter;
}

namespace {

MetricName with_suffix(MetricName name, std::string_view suffix) {
  name.name += suffix;
  return name;
}

}  // namespace

template <class Sensor>
Sensor* MetricRegistry::find_or_make(std::map<MetricName, std::unique_ptr<Sensor>>& sensors,
                                     const MetricName& name, const Clock& clock, bool& made) {
  Counter& total = counter(with_suffix(name, "-total"));
  const std::lock_guard lock{mutex_};
  std::unique_ptr<Sensor>& sensor = sensors[name];
  made = sensor == nullptr;
  if (made) sensor = std::make_unique<Sensor>(total, clock);
  return sensor.get();
}

RateSensor& MetricRegistry::rate_sensor(const MetricName& name, const Clock& clock) {
  bool made = false;
  RateSensor* sensor = find_or_make(rates_, name, clock, made);
  if (made) gauge(with_suffix(name, "-rate"), [sensor] { return sensor->per_second(); });
  return *sensor;
}

LatencySensor& MetricRegistry::latency_sensor(const MetricName& name, const Clock& clock) {
  bool made = false;
  LatencySensor* sensor = find_or_make(latencies_, name, clock, made);
  if (made) {
    gauge(with_suffix(name, "-rate"), [sensor] { return sensor->per_second(); });
    gauge(with_suffix(name, "-latency-avg"), [sensor] { return sensor->average(); });
    gauge(with_suffix(name, "-latency-max"), [sensor] { return sensor->longest(); });
  }
  return *sensor;
}

ValueSensor& MetricRegistry::value_sensor(const MetricName& name, const Clock& clock) {
  ValueSensor* sensor = nullptr;
  {
    const std::lock_guard lock{mutex_};
    std::unique_ptr<CountedValues>& values = values_[name];
    if (values != nullptr) return values->sensor;
    values = std::make_unique<CountedValues>(clock);
    sensor = &values->sensor;
  }
  gauge(with_suffix(name, "-avg"), [sensor] { return sensor->average(); });
  gauge(with_suffix(name, "-max"), [sensor] { return sensor->highest(); });
  return *sensor;
}

void MetricRegistry::gauge(const MetricName& name, std::function<double()> read) {
  const std::lock_guard lock{mutex_};
  gauges_[name] = std::move(read);
}

void MetricRegistry::remove_gauge(const MetricName& name) {
  const std::lock_guard lock{mutex_};
  gauges_.erase(name);
}

std::vector<MetricValue> MetricRegistry::snapshot() const {
  const std::lock_guard lock{mutex_};
  std::vector<MetricValue> values;
  values.reserve(counters_.size() + gauges_.size());
  for (const auto& [name, counter] : counters_) {
    values.push_back({name, static_cast<double>(counter->value())});
  }
  for (const auto& [name, read] : gauges_) values.push_back({name, read()});
  return values;
}

double MetricRegistry::sum(const std::string& name) const {
  const std::lock_guard lock{mutex_};
  double total = 0;
  for (const auto& [metric, counter] : counters_) {
    if (metric.name == name) total += static_cast<double>(counter->value());
  }
  for (const auto& [metric, read] : gauges_) {
    if (metric.name == name) total += read();
  }
  return total;
}

}  // namespace moldau::inline v0
