#include "simulation/simulated_workers.h"

#include <algorithm>
#include <utility>

namespace moldau::simulation {

class SimulatedWorkers::Handle final : public WorkerHandle {
 public:
  Handle(SimulatedWorkers& workers, std::shared_ptr<Task> task)
      : workers_(workers), task_(std::move(task)) {}
  ~Handle() override { task_->abandoned = true; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void wake() override {
    task_->woken = task_->busy;
    task_->next = std::min(task_->next, workers_.clock_.steady());
  }
  [[nodiscard]] bool finished() const override { return task_->finished; }
  bool join(std::chrono::milliseconds /*timeout*/) override {
    if (!task_->finished) workers_.wait_(*task_);
    task_->finished = true;  // the thread of a dead process too: it runs no further
    return true;
  }

 private:
  SimulatedWorkers& workers_;
  std::shared_ptr<Task> task_;  // shared with the scheduler
};

std::unique_ptr<WorkerHandle> SimulatedWorkers::start(Worker& worker, std::string name) {
  auto task = std::make_shared<Task>();
  task->worker = &worker;
  task->name = std::move(name);
  task->next = clock_.steady();
  tasks_.push_back(task);
  return std::make_unique<Handle>(*this, std::move(task));
}

bool SimulatedWorkers::any_busy() const { return std::ranges::any_of(tasks_, &Task::busy); }

}  // namespace moldau::simulation
