#include "runtime/drop_report.h"

#include <chrono>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {
constexpr std::chrono::seconds quiet_time{30};
}

DropReport::DropReport(TaskId task, std::string_view thread_name, MetricRegistry& metrics,
                       std::shared_ptr<Logger> logger, const Clock& clock)
    : task_(task),
      dropped_(metrics.counter(
          {.name = "dropped-records-total",
           .group = "stream-task-metrics",
           .tags = {{"task-id", to_string(task)}, {"thread-id", std::string{thread_name}}}})),
      logger_(std::move(logger)),
      clock_(clock) {}

void DropReport::drop(const std::string& node, const RecordMetadata& record,
                      std::string_view reason) {
  dropped_.add();
  const Clock::Steady now = clock_.steady();
  auto [entry, first] = nodes_.try_emplace(node);
  ++entry->second.unreported;
  if (!first && now - entry->second.last < quiet_time) return;
  entry->second.last = now;
  const std::uint64_t count = std::exchange(entry->second.unreported, 0);
  if (!logger_->enabled(LogLevel::warning)) return;

  std::string message = "task " + to_string(task_) + ", node \"" + node +
                        "\": record dropped: " + std::string{reason};
  if (!record.topic.empty()) {
    message += " (topic " + std::string{record.topic} + ", partition " +
               std::to_string(record.partition.value()) + ", offset " +
               std::to_string(record.offset.value()) + ")";
  }
  if (count > 1) message += "; " + std::to_string(count) + " dropped here since the last message";
  logger_->warning(message);
}

}  // namespace moldau::inline v0::runtime
