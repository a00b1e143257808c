#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/consumer.h"
#include "moldau/kafka/values.h"

#include "runtime/standby_tasks.h"
#include "runtime/task_maker.h"
#include "runtime/task_registry.h"

#include <chrono>
#include <functional>
#include <memory>

namespace moldau::inline v0::runtime {

// All tasks of one stream thread: those that it runs and the standbys. Used on that thread.
class ThreadTasks {
 public:
  struct Services {
    std::shared_ptr<const topology::TopologyPlan> topology;  // shared with every thread; immutable
    const TaskServices& tasks;
    TopicDirectory& topics;
    TaskClaims& claims;
    Restorer& restorer;
    std::function<void()> wake_restorer;
    std::function<void()> wake_thread;
  };
  // What has to happen for the thread to have other tasks.
  struct Changes {
    kafka::OwnedTasks revoke;  // commit and close, before the group is told
    kafka::OwnedTasks create;
  };

  ThreadTasks(const Services& services, TaskRegistry::Options options);

  [[nodiscard]] kafka::OwnedTasks owned() const;
  [[nodiscard]] Changes changes_to(const kafka::OwnedTasks& target) const;

  // As TaskMaker::make(), active ones first.
  Status create(const kafka::OwnedTasks& tasks, std::chrono::milliseconds timeout);
  // Asks the restorer for those of `tasks` that are with it; true once none of them is.
  bool recall(const kafka::OwnedTasks& tasks);
  // Closes tasks; what active ones have not committed is gone. REQUIRES: recall() says true.
  void close(const kafka::OwnedTasks& tasks);
  // Takes back what the restorer has finished. Throws what restoring threw.
  void take_restored();
  // Nothing is kept for tasks that may come again.
  void forget_all() { maker_.forget_all(); }

  [[nodiscard]] TaskRegistry& active() noexcept { return active_; }
  [[nodiscard]] const TaskRegistry& active() const noexcept { return active_; }

 private:
  TaskMaker maker_;
  TaskRegistry active_;
  StandbyTasks standbys_;
};

}  // namespace moldau::inline v0::runtime
