#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/state/restore_listener.h"
#include "moldau/state/standby_listener.h"

#include "runtime/changelog_follower.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::runtime {

// How far a restoration has come.
[[nodiscard]] RestoreProgress progress_of(const ChangelogFollower& store, Clock::Steady now);
// The same for the log.
[[nodiscard]] std::string text(const RestoreProgress& progress);

// What one task counts while its stores follow their changelogs: `restore-` or, of a standby,
// `update-`. Gone with the object, but for the totals.
class RestoreMeter {
 public:
  RestoreMeter(MetricRegistry& metrics, const Clock& clock, const StreamTask& task, bool standby);
  ~RestoreMeter();
  RestoreMeter(const RestoreMeter&) = delete;
  RestoreMeter& operator=(const RestoreMeter&) = delete;

  void records(std::uint64_t count) noexcept;
  // Offsets between where the stores are and where they are to come.
  void remaining(std::int64_t offsets) noexcept { remaining_->store(offsets); }

 private:
  MetricRegistry& metrics_;
  MetricName remaining_name_;
  RateSensor& records_;
  // Shared with the gauge, which is read on any thread.
  std::shared_ptr<std::atomic<std::int64_t>> remaining_;
};

// Tells what happens on the restore worker: the log, the listeners. Used there only.
class RestoreReport {
 public:
  // How often the progress of one store is told.
  static constexpr std::chrono::seconds interval{10};
  // Null: nobody listens. Listeners outlive this.
  struct Listeners {
    StateRestoreListener* restore = nullptr;
    StandbyUpdateListener* standby = nullptr;
  };

  RestoreReport(Listeners listeners, std::shared_ptr<Logger> logger)
      : listeners_(listeners), logger_(std::move(logger)) {}

  void started(const StreamTask& task, const ChangelogFollower& store) const;
  void written(const StreamTask& task, const ChangelogFollower& store,
               const ChangelogFollower::Written& batch, std::optional<Offset> log_end) const;
  void finished(const ChangelogFollower& store, Clock::Steady now) const;
  void restore_suspended(const ChangelogFollower& store) const;
  void update_suspended(const TopicPartition& changelog, const std::string& store, Offset reached,
                        std::optional<Offset> log_end, StandbySuspended reason) const;
  void progress(const StreamTask& task, const ChangelogFollower& store, Clock::Steady now) const;
  // What lies ahead cannot be read before somebody's transaction has ended.
  void awaits_transaction(const StreamTask& task, const ChangelogFollower& store) const;

 private:
  template <class Listener, class Call>
  void tell(Listener* listener, Call call) const;

  Listeners listeners_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
};

}  // namespace moldau::inline v0::runtime
