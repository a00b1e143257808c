#include "runtime/standby_tasks.h"

#include "runtime/restorer.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace moldau::inline v0::runtime {

StandbyTasks::StandbyTasks(TaskMaker& maker, Services services)
    : maker_(maker), services_(std::move(services)) {
  client_.wake = services_.wake_thread;
}

StandbyTasks::~StandbyTasks() = default;

kafka::TaskSet StandbyTasks::owned() const {
  kafka::TaskSet owned{with_restorer_.begin(), with_restorer_.end()};
  for (const auto& task : here_) owned.insert(task->id());
  return owned;
}

Status StandbyTasks::create(const kafka::TaskSet& tasks, std::chrono::milliseconds timeout) {
  Result<TaskMaker::Tasks> made = maker_.make(tasks, timeout);
  if (!made) return made.error();
  for (std::unique_ptr<StreamTask>& task : *made) submit(std::move(task));
  return {};
}

bool StandbyTasks::recall(const kafka::TaskSet& tasks) {
  for (RestoredTask& restored : client_.finished.take()) {
    // It is about to be closed, or submitted again: how far it came is in its stores.
    std::erase(with_restorer_, restored.task->id());
    here_.push_back(std::move(restored.task));
  }
  bool here = true;
  for (const TaskId id : with_restorer_) {
    if (!tasks.contains(id)) continue;
    services_.restorer.recall(id);
    here = false;
  }
  if (!here) services_.wake_restorer();
  return here;
}

void StandbyTasks::close(const kafka::TaskSet& tasks) {
  for (std::unique_ptr<StreamTask>& task : here_) {
    if (tasks.contains(task->id())) maker_.keep(std::move(task));
  }
  std::erase(here_, nullptr);
}

void StandbyTasks::take_back() {
  std::exception_ptr failed;
  for (RestoredTask& restored : client_.finished.take()) {
    std::erase(with_restorer_, restored.task->id());
    if (restored.failed != nullptr) failed = restored.failed;
    for (StreamTask::Store* store : restored.rebuild) restored.task->rebuild_store(*store);
    here_.push_back(std::move(restored.task));
  }
  if (failed != nullptr) std::rethrow_exception(failed);
  for (std::unique_ptr<StreamTask>& task : std::exchange(here_, {})) submit(std::move(task));
}

void StandbyTasks::submit(std::unique_ptr<StreamTask> task) {
  with_restorer_.push_back(task->id());
  services_.restorer.submit(std::move(task), client_, RestoreRole::standby);
  services_.wake_restorer();
}

}  // namespace moldau::inline v0::runtime
