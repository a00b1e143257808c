#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/record/record_metadata.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace moldau::inline v0::runtime {

// Counts the records a task leaves out, and says so without flooding the log: the first one of a
// node at once, then at most one line each half minute with how many there were.
class MOLDAU_TESTING_EXPORT DropReport {
 public:
  DropReport(TaskId task, std::string_view thread_name, MetricRegistry& metrics,
             std::shared_ptr<Logger> logger, const Clock& clock);

  // `node` is the name of a node of the task; `reason` completes "record dropped: ".
  void drop(const std::string& node, const RecordMetadata& record, std::string_view reason);
  // A record left out whose story the log has already.
  void count() noexcept { dropped_.add(); }

 private:
  struct Node {
    std::uint64_t unreported = 0;
    Clock::Steady last;
  };

  TaskId task_;
  Counter& dropped_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  const Clock& clock_;
  std::unordered_map<std::string, Node> nodes_;
};

}  // namespace moldau::inline v0::runtime
