#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/consumer.h"
#include "moldau/kafka/values.h"

#include "runtime/restorer.h"
#include "runtime/stream_task.h"
#include "runtime/task_maker.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace moldau::inline v0::runtime {

// The tasks of one stream thread and where each of them stands:
//
//   created ──committed offsets known──> restoring ──stores complete──> running
//      ^                                (with the Restorer)                │
//      └──────────── reload(): outcome of a commit unknown ────────────────┘
//
// and the consumer's assignment, which is the inputs of the running ones. Used on the stream
// thread.
class TaskRegistry {
 public:
  struct Services {
    std::shared_ptr<const topology::TopologyPlan> topology;  // shared with every thread; immutable
    const TaskServices& tasks;
    TaskMaker& maker;
    Restorer& restorer;
    std::function<void()> wake_restorer;
    std::function<void()> wake_thread;
  };
  struct Options {
    kafka::OffsetReset reset = kafka::OffsetReset::earliest;  // `auto.offset.reset`
    std::size_t buffered_records = 1000;                      // a partition, before it is paused
  };

  TaskRegistry(Services services, Options options);
  ~TaskRegistry();

  [[nodiscard]] kafka::TaskSet owned() const;
  [[nodiscard]] std::span<StreamTask* const> running() const noexcept { return running_view_; }
  // Every owned task runs.
  [[nodiscard]] bool all_running() const noexcept;
  [[nodiscard]] bool any_restoring() const noexcept { return !restoring_.empty(); }

  // Makes tasks and opens their stores. Retriable if their topics are not known yet; throws
  // TopologyError, StateStoreError. Nothing is made unless all are.
  Status create(const kafka::TaskSet& tasks, std::chrono::milliseconds timeout);

  // Asks the restorer for those of `tasks` that are with it; true once none of them is.
  bool recall(const kafka::TaskSet& tasks);
  // Closes tasks; what they have not committed is gone. REQUIRES: recall() says true for them.
  void close(const kafka::TaskSet& tasks);

  // Reads committed offsets of created tasks and sends them to be restored. Retriable while a
  // transaction holds the offsets, ok if there is nothing to do.
  Status load(kafka::Consumer& consumer, std::chrono::milliseconds timeout);
  // Takes back what the restorer has finished and starts it. Throws what restoring it threw.
  void take_restored();
  // Brings the consumer's assignment up to date.
  Status assign(kafka::Consumer& consumer);

  // Gives polled records to their tasks, and acts on partition events. Throws StreamsError if an
  // input cannot be read on.
  void distribute(kafka::Consumer& consumer, kafka::Polled& polled);
  // Pauses inputs that hold enough, resumes those that do not.
  void balance(kafka::Consumer& consumer);

  // Committed offsets of the running tasks' repartition topics: records before them are of no more
  // use.
  [[nodiscard]] std::vector<kafka::PartitionPosition> purgeable() const;

  // All running tasks go back to their last commit.
  void rollback();
  // As rollback(), and the tasks' offsets and stores are read again.
  void reload();

 private:
  using Tasks = std::vector<std::unique_ptr<StreamTask>>;
  struct InputState {
    StreamTask* task;
    std::size_t input;
    bool assigned = false;
    bool paused = false;
  };

  void rebuild(RestoredTask restored);
  void submit(std::unique_ptr<StreamTask> task);
  void run(std::unique_ptr<StreamTask> task);
  void stop(StreamTask& task);
  void refresh_view();
  Status load_one(StreamTask& task, kafka::Consumer& consumer, std::chrono::milliseconds timeout);
  [[nodiscard]] kafka::OffsetReset reset_of(const topology::NodeSpec& source) const;
  [[noreturn]] void no_position(const InputState& input, const kafka::PartitionEvent& event) const;

  Services services_;
  Options options_;
  Tasks created_;
  std::vector<TaskId> restoring_;
  Tasks running_;
  std::vector<StreamTask*> running_view_;                  // running_, as others iterate it
  std::unordered_map<TopicPartition, InputState> inputs_;  // of the running tasks
  bool assignment_changed_ = false;
  bool question_is_old_ =
      false;  // others may have committed since committed offsets were asked for
  RestoreClient restored_;
};

}  // namespace moldau::inline v0::runtime
