#include "moldau/processor/processing_context.h"

#include "moldau/base/error.h"
#include "moldau/processor/processor_metrics.h"

#include <utility>

namespace moldau::inline v0 {

ProcessingContext::~ProcessingContext() = default;

void ProcessingContext::attach(const processor::Node& node, processor::TaskContext& task) noexcept {
  node_ = &node;
  task_ = &task;
}

std::string_view ProcessingContext::application_id() const { return task_->application_id(); }

TaskId ProcessingContext::task_id() const { return task_->task(); }

std::string ProcessingContext::state_dir() const { return task_->state_dir(); }

const ProcessingContext::AppConfigs& ProcessingContext::app_configs() const {
  return task_->app_configs();
}

std::optional<RecordMetadata> ProcessingContext::record_metadata() const {
  if (current_.headers == nullptr) return std::nullopt;
  return task_->metadata();
}

Timestamp ProcessingContext::stream_time() const { return task_->stream_time(); }

Timestamp ProcessingContext::wall_time() const { return task_->clock().wall(); }

Cancellable ProcessingContext::schedule(std::chrono::milliseconds interval, PunctuationType type,
                                        Punctuator punctuator) {
  return schedule_from(std::nullopt, interval, type, std::move(punctuator));
}

Cancellable ProcessingContext::schedule(Timestamp start, std::chrono::milliseconds interval,
                                        PunctuationType type, Punctuator punctuator) {
  if (start.negative()) {
    throw Error("\"" + node_->name() + "\" schedules a punctuation from " +
                std::to_string(start.milliseconds()) + ": the start cannot be negative");
  }
  return schedule_from(start, interval, type, std::move(punctuator));
}

Cancellable ProcessingContext::schedule_from(std::optional<Timestamp> start,
                                             std::chrono::milliseconds interval,
                                             PunctuationType type, Punctuator punctuator) {
  if (interval < std::chrono::milliseconds{1}) {
    throw Error("\"" + node_->name() + "\" schedules a punctuation every " +
                std::to_string(interval.count()) + " ms: the interval is at least 1 ms");
  }
  const processor::PunctuationId id = task_->schedule(
      *node_, type, start, interval, [this, punctuator = std::move(punctuator)](Timestamp now) {
        const Processing processing{*this, now, no_headers()};
        punctuator(now);
      });
  return {*task_, id};
}

void ProcessingContext::request_commit() { task_->request_commit(); }

ProcessorMetrics ProcessingContext::metrics() const { return ProcessorMetrics{*task_}; }

RecordContext ProcessingContext::current() const {
  // Outside of records and punctuations (init(), close()) a write is of the present.
  if (current_.headers == nullptr) return {.timestamp = wall_time()};
  return {current_.timestamp, current_.headers, task_->metadata()};
}

void ProcessingContext::refuse_to_forward() const {
  throw StreamsError("\"" + node_->name() +
                     "\" forwards a record outside process() and punctuators: nothing can be "
                     "forwarded in init(), in close(), or from elsewhere");
}

processor::OpenedStore ProcessingContext::opened(std::string_view store) const {
  return {task_->store_of(*node_, store), task_->store_serdes(store)};
}

}  // namespace moldau::inline v0
