#include "runtime/task_claims.h"

#include <utility>

namespace moldau::inline v0::runtime {

TaskClaim::TaskClaim(TaskClaim&& other) noexcept
    : claims_(std::exchange(other.claims_, nullptr)), task_(other.task_) {}

TaskClaim& TaskClaim::operator=(TaskClaim&& other) noexcept {
  if (this == &other) return *this;
  release();
  claims_ = std::exchange(other.claims_, nullptr);
  task_ = other.task_;
  return *this;
}

void TaskClaim::release() noexcept {
  TaskClaims* const claims = std::exchange(claims_, nullptr);
  if (claims == nullptr) return;
  const std::lock_guard lock{claims->mutex_};
  claims->claimed_.erase(task_);
}

std::optional<TaskClaim> TaskClaims::claim(TaskId task) {
  const std::lock_guard lock{mutex_};
  if (!claimed_.insert(task).second) return std::nullopt;
  return TaskClaim{*this, task};
}

}  // namespace moldau::inline v0::runtime
