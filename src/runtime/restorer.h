#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/mailbox.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/clients.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/state/restore_listener.h"

#include "runtime/stream_task.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace moldau::inline v0::runtime {

// A task that comes back from restoration.
struct RestoredTask {
  std::unique_ptr<StreamTask> task = {};
  bool complete = false;           // false: recalled before it was
  std::exception_ptr failed = {};  // set: the stores cannot be restored, and why
  // Stores that cannot go on from where they are: to be rebuilt on the stream thread, whose memory
  // they share, before the task is submitted again.
  std::vector<StreamTask::Store*> rebuild = {};
};

// Where a stream thread gets its tasks back.
struct RestoreClient {
  Mailbox<RestoredTask> finished;
  std::function<void()> wake;  // called after each post; any thread
};

// Brings the stores of tasks up to the end of their changelogs, away from the stream threads: one
// worker for an application. A task moves here while it is restored and moves back when it is
// ready, failed, or asked for.
//
// Target is the log end with undecided transactions counted, reader is read_committed, and a store
// is done when the reader's *position* has passed the target: control records and aborted data use
// offsets too (reliability 1.3).
class Restorer final : public Worker {
 public:
  struct Options {
    kafka::ConsumerOptions consumer;
    kafka::AdminOptions admin;
    // What to do if a changelog is shorter than what a store has followed (`changelog.truncated`).
    bool rebuild_truncated = false;
    StateRestoreListener* listener = nullptr;  // outlives the restorer
  };

  Restorer(kafka::KafkaClients& clients, Options options, Clock& clock,
           std::shared_ptr<Logger> logger, MetricRegistry& metrics);
  ~Restorer() override;

  // Takes a task whose stores are open. `client` outlives it here. Any thread.
  void submit(std::unique_ptr<StreamTask> task, RestoreClient& client);
  // Asks for a task back, finished or not; it comes through its client. Any thread.
  void recall(TaskId task);
  // No more turns after the next: every task goes back. Any thread.
  void finish();

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

 private:
  struct Submission {
    std::unique_ptr<StreamTask> task;
    RestoreClient* client;
  };
  struct StoreProgress;
  struct TaskProgress;

  void take_orders();
  void plan(TaskProgress& task, const std::vector<kafka::OffsetRange>& logs);
  void plan_new_tasks(std::chrono::milliseconds may_block);
  Status make_clients();
  void assign();
  void apply(kafka::Polled& polled);
  void apply_batch(StoreProgress& store, const kafka::PartitionBatch& batch);
  void advance(StoreProgress& store, Offset position);
  void finish_ready_tasks();
  void give_back(TaskProgress& task, RestoredTask outcome);
  StoreProgress* find(const TopicPartition& changelog, TaskProgress** owner);
  void report_progress();
  template <class Call>
  void tell_listener(Call call);

  kafka::KafkaClients& clients_;
  Options options_;
  Clock& clock_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  Counter& restored_;

  Mailbox<Submission> submitted_;
  Mailbox<TaskId> recalled_;
  std::atomic<bool> finishing_{false};

  // The rest is the worker's.
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<kafka::Admin> admin_;
  std::vector<std::unique_ptr<TaskProgress>> tasks_;
  kafka::Polled polled_;
  bool assignment_changed_ = false;
  std::optional<Clock::Steady> not_before_;  // back-off after a failed call
  std::optional<Clock::Steady> last_report_;
};

}  // namespace moldau::inline v0::runtime
