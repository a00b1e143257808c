#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/kafka/values.h"
#include "moldau/metrics/metric_registry.h"

#include "runtime/changelog_follower.h"
#include "runtime/restore_client.h"
#include "runtime/restore_report.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::runtime {

// A task while the restorer has it: which changelogs its stores follow, and how far. Used on the
// restore worker.
class RestoringTask {
 public:
  struct Store {
    ChangelogFollower follower;
    Clock::Steady next_report;
    bool assigned = false;  // the consumer is where the follower is
  };
  // Where a changelog ends as far as is known.
  using LogEnd = std::function<std::optional<Offset>(const TopicPartition&)>;

  // `client` outlives this, as do the others.
  RestoringTask(std::unique_ptr<StreamTask> task, RestoreClient& client, RestoreRole role,
                MetricRegistry& metrics, const Clock& clock);

  [[nodiscard]] const StreamTask& task() const noexcept { return *task_; }
  [[nodiscard]] TaskId id() const noexcept { return task_->id(); }
  [[nodiscard]] bool is_standby() const noexcept { return role_ == RestoreRole::standby; }
  [[nodiscard]] RestoreMeter& meter() noexcept { return meter_; }

  // Of all stores that have one, in the order in which plan() wants their logs.
  [[nodiscard]] std::vector<TopicPartition> changelogs() const;
  // Decides where each store begins. `logs`: start and end with undecided transactions counted, as
  // read after the wall time `asked_at`. Returns stores that have to be rebuilt before; then
  // nothing is planned. Throws StateStoreError if acknowledged data is gone and `rebuild_truncated`
  // does not allow to go on without it.
  [[nodiscard]] std::vector<StreamTask::Store*> plan(std::span<const kafka::OffsetRange> logs,
                                                     Timestamp asked_at, bool rebuild_truncated,
                                                     Clock& clock, Logger& logger);
  [[nodiscard]] bool planned() const noexcept { return planned_; }
  // The log is not what it was.
  void plan_again() noexcept { planned_ = false; }

  // Those that follow a changelog; none before plan().
  [[nodiscard]] std::vector<Store>& stores() noexcept { return stores_; }
  // All stores have reached their target. Never of a standby.
  [[nodiscard]] bool complete() const;
  // Offsets that the stores have ahead of them.
  [[nodiscard]] std::int64_t remaining(const LogEnd& log_end) const;

  // Hands the task over. REQUIRES: nothing is asked of this afterwards.
  void give_back(RestoredTask outcome);

 private:
  [[nodiscard]] ChangelogFollower::Beginning beginning(const StreamTask::Store& store,
                                                       const kafka::OffsetRange& log, Offset from,
                                                       Timestamp asked_at,
                                                       const Clock& clock) const;

  std::unique_ptr<StreamTask> task_;
  RestoreClient& client_;
  RestoreRole role_;
  RestoreMeter meter_;
  std::vector<Store> stores_;
  bool planned_ = false;
};

}  // namespace moldau::inline v0::runtime
