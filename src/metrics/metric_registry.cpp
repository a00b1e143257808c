#include "moldau/metrics/metric_registry.h"

namespace moldau::inline v0 {

MetricRegistry::MetricRegistry() = default;
MetricRegistry::~MetricRegistry() = default;

Counter& MetricRegistry::counter(const MetricName& name) {
  const std::lock_guard lock{mutex_};
  std::unique_ptr<Counter>& counter = counters_[name];
  if (counter == nullptr) counter = std::make_unique<Counter>();
  return *counter;
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
