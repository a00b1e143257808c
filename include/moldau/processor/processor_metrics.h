#pragma once

#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/metrics/sensors.h"
#include "moldau/processor/task_context.h"

#include <map>
#include <string>
#include <string_view>

namespace moldau::inline v0 {

// Measurements of the application's own, beside the library's: what ProcessingContext::metrics()
// gives. Made in init(), recorded wherever; they show up in Streams::metrics().
//
// Names follow the reference: the group is `stream-<scope>-metrics`, the tags are `thread-id`,
// `task-id`, `<scope>-id` (the entity) and those given. Asking for the same one again gives the
// same; references stay valid as long as the application.
class MOLDAU_EXPORT ProcessorMetrics {
 public:
  using Tags = std::map<std::string, std::string>;

  explicit ProcessorMetrics(processor::TaskContext& task) noexcept : task_(&task) {}

  // `<operation>-rate` and `<operation>-total`.
  [[nodiscard]] RateSensor& rate_and_total(std::string_view scope, std::string_view entity,
                                           std::string_view operation, Tags tags = {});
  // As rate_and_total(), and `<operation>-latency-avg` and `-latency-max`, in milliseconds.
  [[nodiscard]] LatencySensor& latency_rate_and_total(std::string_view scope,
                                                      std::string_view entity,
                                                      std::string_view operation, Tags tags = {});
  // A counter by its full name, without tags of ours.
  [[nodiscard]] Counter& counter(const MetricName& name) { return task_->metrics().counter(name); }

 private:
  [[nodiscard]] MetricName name(std::string_view scope, std::string_view entity,
                                std::string_view operation, Tags tags) const;

  processor::TaskContext* task_;
};

}  // namespace moldau::inline v0
