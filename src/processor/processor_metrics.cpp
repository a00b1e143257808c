#include "moldau/processor/processor_metrics.h"

#include <utility>

namespace moldau::inline v0 {

MetricName ProcessorMetrics::name(std::string_view scope, std::string_view entity,
                                  std::string_view operation, Tags tags) const {
  tags.emplace("thread-id", task_->thread_name());
  tags.emplace("task-id", to_string(task_->task()));
  tags.emplace(std::string{scope} + "-id", entity);
  return {.name = std::string{operation},
          .group = "stream-" + std::string{scope} + "-metrics",
          .tags = std::move(tags)};
}

RateSensor& ProcessorMetrics::rate_and_total(std::string_view scope, std::string_view entity,
                                             std::string_view operation, Tags tags) {
  return task_->metrics().rate_sensor(name(scope, entity, operation, std::move(tags)),
                                      task_->clock());
}

LatencySensor& ProcessorMetrics::latency_rate_and_total(std::string_view scope,
                                                        std::string_view entity,
                                                        std::string_view operation, Tags tags) {
  return task_->metrics().latency_sensor(name(scope, entity, operation, std::move(tags)),
                                         task_->clock());
}

}  // namespace moldau::inline v0
