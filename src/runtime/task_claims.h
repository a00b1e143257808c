#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"

#include <mutex>
#include <optional>
#include <set>

namespace moldau::inline v0::runtime {

class TaskClaims;

// The right to open the stores of a task, until the object goes. The TaskClaims outlive it.
class MOLDAU_TESTING_EXPORT TaskClaim {
 public:
  TaskClaim() = default;
  TaskClaim(TaskClaim&& other) noexcept;
  TaskClaim& operator=(TaskClaim&& other) noexcept;
  ~TaskClaim() { release(); }

  void release() noexcept;

 private:
  friend TaskClaims;
  TaskClaim(TaskClaims& claims, TaskId task) noexcept : claims_(&claims), task_(task) {}

  TaskClaims* claims_ = nullptr;  // null: nothing is claimed
  TaskId task_;
};

// Which tasks of an application have their stores open in this process: one thread's standby may
// have to become active in another before the first has closed it. Any thread.
class MOLDAU_TESTING_EXPORT TaskClaims {
 public:
  // nullopt while somebody has it.
  [[nodiscard]] std::optional<TaskClaim> claim(TaskId task);

 private:
  friend TaskClaim;

  std::mutex mutex_;  // guards claimed_
  std::set<TaskId> claimed_;
};

}  // namespace moldau::inline v0::runtime
