#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "runtime/restore_client.h"
#include "runtime/task_maker.h"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace moldau::inline v0::runtime {

class Restorer;

// The standbys of one stream thread: copies of stores whose tasks run elsewhere. They are with the
// restorer from the time they are made until they are given up. Used on the stream thread.
class StandbyTasks {
 public:
  struct Services {
    Restorer& restorer;
    std::function<void()> wake_restorer;
    std::function<void()> wake_thread;
  };

  // `maker` outlives this.
  StandbyTasks(TaskMaker& maker, Services services);
  ~StandbyTasks();

  [[nodiscard]] kafka::TaskSet owned() const;

  // As TaskMaker::make().
  Status create(const kafka::TaskSet& tasks, std::chrono::milliseconds timeout);
  // Asks the restorer for those of `tasks` that are with it; true once none of them is.
  bool recall(const kafka::TaskSet& tasks);
  // Closes tasks; what they have come to is in their stores, and what of it is only in memory is
  // with the maker. REQUIRES: recall() says true for them.
  void close(const kafka::TaskSet& tasks);
  // Rebuilds stores that cannot go on. Throws what following a changelog threw.
  void take_back();

 private:
  void submit(std::unique_ptr<StreamTask> task);

  TaskMaker& maker_;
  Services services_;
  std::vector<TaskId> with_restorer_;
  std::vector<std::unique_ptr<StreamTask>> here_;
  RestoreClient client_;
};

}  // namespace moldau::inline v0::runtime
