#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0 {

// Something that runs beside the caller: a stream thread, the restorer, the membership. It is a
// stepper, so that a test or a simulator can run any number of them on one thread.
class MOLDAU_EXPORT Worker {
 public:
  virtual ~Worker();

  // One turn. Blocks at most `may_block` (zero: not at all) and only inside a seam call. Returns
  // when it next has something to do by itself (a time in the past means: at once), or nullopt when
  // it is done and must not be stepped again. Long protocols are state machines that go on at the
  // next turn. Does not throw: a worker reports its failures to its owner.
  virtual std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) = 0;
};

// A running worker. The destructor wakes it and joins: tell the worker to finish first.
class MOLDAU_EXPORT WorkerHandle {
 public:
  virtual ~WorkerHandle();
  // The worker has something to do before the time it named. Any thread, the worker's own included.
  virtual void wake() = 0;
  // True once step() has returned nullopt.
  [[nodiscard]] virtual bool finished() const = 0;
  // Waits for the worker to finish, at most `timeout`; false if it has not. Not on the worker's own
  // thread.
  virtual bool join(std::chrono::milliseconds timeout) = 0;
};

// Starts workers: on threads of their own, or under a scheduler. Nothing else starts a thread.
class MOLDAU_EXPORT Workers {
 public:
  virtual ~Workers();
  // `worker` must outlive the handle. `name` is for debuggers: 15 characters of it are kept.
  [[nodiscard]] virtual std::unique_ptr<WorkerHandle> start(Worker& worker, std::string name) = 0;
};

// One std::thread a worker. The object holds no state and outlives everything.
[[nodiscard]] MOLDAU_EXPORT Workers& thread_workers() noexcept;

}  // namespace moldau::inline v0
