#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/workers.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace moldau::simulation {

// The threads of one process, which do not exist: the scheduler runs one step of one of them at a
// time.
class SimulatedWorkers final : public Workers {
 public:
  // A worker that somebody has started.
  struct Task {
    Worker* worker = nullptr;
    std::string name;
    Clock::Steady next;      // not before
    bool busy = false;       // in the middle of a step that was interrupted
    bool woken = false;      // meanwhile
    bool finished = false;   // step() said so
    bool abandoned = false;  // its handle is gone
  };

  // `wait` is asked to let the world go on until a worker has finished, and returns when that has
  // happened or never will.
  SimulatedWorkers(const Clock& clock, std::function<void(const Task&)> wait)
      : clock_(clock), wait_(std::move(wait)) {}

  [[nodiscard]] std::unique_ptr<WorkerHandle> start(Worker& worker, std::string name) override;

  // Grows only. Shared with the handles.
  [[nodiscard]] const std::vector<std::shared_ptr<Task>>& tasks() const noexcept { return tasks_; }
  [[nodiscard]] bool any_busy() const;

 private:
  class Handle;

  const Clock& clock_;
  std::function<void(const Task&)> wait_;
  std::vector<std::shared_ptr<Task>> tasks_;
};

}  // namespace moldau::simulation
