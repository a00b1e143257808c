#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "runtime/stream_task.h"
#include "runtime/task_claims.h"
#include "runtime/topic_directory.h"

#include <chrono>
#include <map>
#include <memory>
#include <vector>

namespace moldau::inline v0::runtime {

// Makes the tasks of one stream thread, active ones and standbys alike, with their stores open.
// Used on that thread.
class TaskMaker {
 public:
  struct Services {
    std::shared_ptr<const topology::TopologyPlan> topology;  // shared with every thread; immutable
    const TaskServices& tasks;
    TopicDirectory& topics;
    TaskClaims& claims;
  };
  using Tasks = std::vector<std::unique_ptr<StreamTask>>;

  explicit TaskMaker(Services services) : services_(std::move(services)) {}

  // Retriable if topics are not known yet, or another thread of this process has not closed a task
  // yet. Throws TopologyError, StateStoreError. Nothing is made unless all are.
  Result<Tasks> make(const kafka::TaskSet& tasks, std::chrono::milliseconds timeout);

  // Takes a task that the thread has given up and never ran. The group takes a standby away before
  // it gives the task to somebody, perhaps to this thread again: what its stores have in memory is
  // kept for a while, or it would have to be read once more. What is on disk is closed, so that
  // another thread of the process can open it.
  void keep(std::unique_ptr<StreamTask> task);
  void forget_old();
  void forget_all() { kept_.clear(); }

 private:
  struct Kept {
    std::unique_ptr<StreamTask> task;
    Clock::Steady since;
  };

  Services services_;
  std::map<TaskId, Kept> kept_;
};

}  // namespace moldau::inline v0::runtime
