#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/mailbox.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/clients.h"
#include "moldau/metrics/metric_registry.h"

#include "runtime/restore_client.h"
#include "runtime/restore_report.h"
#include "runtime/restoring_task.h"
#include "runtime/standby_upkeep.h"
#include "runtime/suspended_standbys.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::runtime {

// Brings the stores of tasks up to the end of their changelogs, and keeps those of standbys there,
// away from the stream threads: one worker for an application. A task moves here and moves back
// when it is ready, failed, or asked for.
//
// Target is the log end with undecided transactions counted, reader is read_committed, and a store
// is done when the reader's *position* has passed the target: control records and aborted data use
// offsets too (reliability 1.3). Standbys wait while there is an active task to restore.
class Restorer final : public Worker {
 public:
  struct Options {
    kafka::ConsumerOptions consumer;  // with the group if inputs serve as changelogs
    kafka::AdminOptions admin;
    // What to do if a changelog is shorter than what a store has followed (`changelog.truncated`).
    bool rebuild_truncated = false;
    RestoreReport::Listeners listeners = {};
    // How often a standby of an input asks how far that input has been processed.
    std::chrono::milliseconds commit_interval{30'000};
  };

  // While `paused`, standbys are not updated.
  Restorer(kafka::KafkaClients& clients, Options options, Clock& clock,
           std::shared_ptr<Logger> logger, MetricRegistry& metrics,
           const std::atomic<bool>& paused);
  ~Restorer() override;

  // Takes a task whose stores are open. `client` outlives it here. Any thread.
  void submit(std::unique_ptr<StreamTask> task, RestoreClient& client,
              RestoreRole role = RestoreRole::active);
  // Asks for a task back, finished or not; it comes through its client. Any thread.
  void recall(TaskId task);
  // No more turns after the next: every task goes back. Any thread.
  void finish();

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

 private:
  struct Submission {
    std::unique_ptr<StreamTask> task;
    RestoreClient* client;
    RestoreRole role;
  };
  void take_orders();
  void plan_new_tasks(std::chrono::milliseconds may_block);
  void plan(RestoringTask& task, std::span<const kafka::OffsetRange> logs, Timestamp asked_at);
  Status make_clients();
  void tell_suspended(RestoringTask& task);
  void drop_consumer();
  void wake_consumer();
  void assign();
  void nothing_is_assigned();
  void hold_standbys();
  void read(std::chrono::milliseconds may_block);
  void apply(RestoringTask& task, RestoringTask::Store& store, const kafka::PartitionBatch& batch);
  void apply(RestoringTask& task, RestoringTask::Store& store, const kafka::PartitionEvent& event);
  template <class Change>
  void change(const TopicPartition& changelog, Change change);
  [[nodiscard]] StandbyUpkeep::Stores standbys() const;
  void keep_up_standbys(std::chrono::milliseconds may_block);
  void finish_ready_tasks();
  void give_back(RestoringTask& task, RestoredTask outcome);
  [[nodiscard]] bool restores_active() const;
  [[nodiscard]] std::optional<Offset> log_end(const TopicPartition& changelog) const;
  void report_progress();
  void back_off_after(const char* doing, const Status& status);

  kafka::KafkaClients& clients_;
  Options options_;
  Clock& clock_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  MetricRegistry& metrics_;
  const std::atomic<bool>& paused_;
  RestoreReport report_;
  Counter& restored_;
  std::atomic<std::int64_t> active_tasks_{0};
  std::atomic<std::int64_t> standby_tasks_{0};

  Mailbox<Submission> submitted_;
  Mailbox<TaskId> recalled_;
  std::atomic<bool> finishing_{false};
  std::mutex wake_mutex_;                // guards wakeable_
  kafka::Consumer* wakeable_ = nullptr;  // consumer_ while it exists, for other threads

  // The rest is the worker's.
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<kafka::Admin> admin_;
  std::vector<std::unique_ptr<RestoringTask>> tasks_;
  SuspendedStandbys suspended_;
  kafka::Polled polled_;
  // When changelogs were read last, or first asked about. While there are tasks.
  std::optional<Timestamp> read_at_;
  bool assignment_changed_ = false;
  bool standbys_held_ = false;
  std::optional<Clock::Steady> not_before_;  // back-off after a failed call
  StandbyUpkeep upkeep_;
};

}  // namespace moldau::inline v0::runtime
