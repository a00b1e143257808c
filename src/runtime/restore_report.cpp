#include "runtime/restore_report.h"

#include "moldau/metrics/sensors.h"
#include "moldau/processor/error_handlers.h"

#include "runtime/changelog_start.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

MetricName of_task(const StreamTask& task, std::string name) {
  return {.name = std::move(name),
          .group = "stream-task-metrics",
          .tags = {{"task-id", to_string(task.id())}, {"thread-id", task.thread()}}};
}

// With a unit that leaves few digits.
std::string size_text(double bytes) {
  constexpr double step = 1024;
  const char* unit = " bytes";
  for (const char* larger : {" KiB", " MiB", " GiB", " TiB"}) {
    if (bytes < step) break;
    bytes /= step;
    unit = larger;
  }
  return std::to_string(static_cast<std::int64_t>(bytes)) + unit;
}

}  // namespace

RestoreProgress progress_of(const ChangelogFollower& store, Clock::Steady now) {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  const ChangelogFollower::Beginning& beginning = store.beginning();
  RestoreProgress progress{
      .reached = store.reached(),
      .to = beginning.target,
      .records = store.records(),
      .bytes = store.bytes(),
      .passed = std::chrono::duration_cast<milliseconds>(now - beginning.started)};
  const double passed = std::chrono::duration<double>(now - beginning.started).count();
  const auto offsets = static_cast<double>(progress.reached - beginning.from);
  if (passed <= 0) return progress;
  progress.records_per_second = static_cast<double>(progress.records) / passed;
  progress.bytes_per_second = static_cast<double>(progress.bytes) / passed;
  if (offsets <= 0) return progress;
  const auto ahead = static_cast<double>(std::max<Offset::rep>(progress.to - progress.reached, 0));
  progress.left = seconds{static_cast<std::int64_t>(passed * ahead / offsets)};
  return progress;
}

std::string text(const RestoreProgress& progress) {
  std::string message = std::to_string(progress.records) + " records (" +
                        size_text(static_cast<double>(progress.bytes)) + ") restored, " +
                        std::to_string(static_cast<std::int64_t>(progress.records_per_second)) +
                        " records/s (" + size_text(progress.bytes_per_second) + "/s), offset " +
                        std::to_string(progress.reached.value()) + " of " +
                        std::to_string(progress.to.value());
  if (progress.left) message += ", about " + std::to_string(progress.left->count()) + " s left";
  return message;
}

RestoreMeter::RestoreMeter(MetricRegistry& metrics, const Clock& clock, const StreamTask& task,
                           bool standby)
    : metrics_(metrics),
      remaining_name_(of_task(
          task, standby ? "update-remaining-records-total" : "restore-remaining-records-total")),
      records_(metrics.rate_sensor(of_task(task, standby ? "update" : "restore"), clock)),
      remaining_(std::make_shared<std::atomic<std::int64_t>>(0)) {
  metrics_.gauge(remaining_name_,
                 [value = remaining_] { return static_cast<double>(value->load()); });
}

RestoreMeter::~RestoreMeter() { metrics_.remove_gauge(remaining_name_); }

void RestoreMeter::records(std::uint64_t count) noexcept { records_.record(count); }

void RestoreReport::started(const StreamTask& task, const ChangelogFollower& store) const {
  const Offset from = store.beginning().from;
  if (store.beginning().endless) {
    logger_->info(describe_store(task, store.store()) + ": standby, updated from offset " +
                  std::to_string(from.value()));
    return tell(listeners_.standby, [&](StandbyUpdateListener& listener) {
      listener.on_update_start(store.changelog(), store.store_name(), from);
    });
  }
  const Offset to = store.beginning().target;
  logger_->info(describe_store(task, store.store()) + ": restoring from offset " +
                std::to_string(from.value()) + " to " + std::to_string(to.value()));
  tell(listeners_.restore, [&](StateRestoreListener& listener) {
    listener.on_restore_start(store.changelog(), store.store_name(), from, to);
  });
}

void RestoreReport::written(const StreamTask& task, const ChangelogFollower& store,
                            const ChangelogFollower::Written& batch,
                            std::optional<Offset> log_end) const {
  if (store.beginning().endless) {
    return tell(listeners_.standby, [&](StandbyUpdateListener& listener) {
      listener.on_batch_loaded(store.changelog(), store.store_name(), task.id(), batch.reached - 1,
                               batch.records, log_end);
    });
  }
  tell(listeners_.restore, [&](StateRestoreListener& listener) {
    listener.on_batch_restored(store.changelog(), store.store_name(), batch.reached - 1,
                               batch.records);
  });
}

void RestoreReport::finished(const ChangelogFollower& store, Clock::Steady now) const {
  // Of those that were worth a line on the way there is one at the end.
  if (now - store.beginning().started >= interval) {
    logger_->info("changelog " + to_string(store.changelog()) +
                  ": complete: " + text(progress_of(store, now)));
  }
  tell(listeners_.restore, [&](StateRestoreListener& listener) {
    listener.on_restore_end(store.changelog(), store.store_name(), store.records());
  });
}

void RestoreReport::restore_suspended(const ChangelogFollower& store) const {
  tell(listeners_.restore, [&](StateRestoreListener& listener) {
    listener.on_restore_suspended(store.changelog(), store.store_name(), store.records());
  });
}

void RestoreReport::update_suspended(const TopicPartition& changelog, const std::string& store,
                                     Offset reached, std::optional<Offset> log_end,
                                     StandbySuspended reason) const {
  tell(listeners_.standby, [&](StandbyUpdateListener& listener) {
    listener.on_update_suspended(changelog, store, reached, log_end, reason);
  });
}

void RestoreReport::progress(const StreamTask& task, const ChangelogFollower& store,
                             Clock::Steady now) const {
  const RestoreProgress progress = progress_of(store, now);
  logger_->info(describe_store(task, store.store()) + ": " + text(progress));
  tell(listeners_.restore, [&](StateRestoreListener& listener) {
    listener.on_restore_progress(store.changelog(), store.store_name(), progress);
  });
}

void RestoreReport::awaits_transaction(const StreamTask& task,
                                       const ChangelogFollower& store) const {
  logger_->warning(describe_store(task, store.store()) + ": a transaction is open at offset " +
                   std::to_string(store.reached().value()) +
                   ", and the store cannot be restored before it has ended. Its producer ends it, "
                   "or the broker after that one's transaction.timeout.ms; if it hangs, find it "
                   "with kafka-transactions.sh find-hanging and abort it");
}

template <class Listener, class Call>
void RestoreReport::tell(Listener* listener, Call call) const {
  if (listener == nullptr) return;
  try {
    call(*listener);
  } catch (...) {
    logger_->error("a listener of restored state threw: " + describe(std::current_exception()));
  }
}

}  // namespace moldau::inline v0::runtime
