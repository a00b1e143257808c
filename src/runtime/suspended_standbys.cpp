#include "runtime/suspended_standbys.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {
// Two heartbeats at their slowest: a promotion takes that many.
constexpr std::chrono::seconds longest_doubt{10};
}  // namespace

void SuspendedStandbys::add(TaskId task, std::vector<Store> stores, Clock::Steady now) {
  tell(task, StandbySuspended::migrated);  // what is left of an earlier time
  if (!stores.empty()) tasks_.emplace(task, Suspended{.stores = std::move(stores), .since = now});
}

void SuspendedStandbys::tell(TaskId task, StandbySuspended reason) {
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return;
  for (const Store& store : found->second.stores) {
    report_.update_suspended(store.changelog, store.name, store.reached, store.log_end, reason);
  }
  tasks_.erase(found);
}

void SuspendedStandbys::tell_overdue(Clock::Steady now) {
  std::vector<TaskId> overdue;
  for (const auto& [task, suspended] : tasks_) {
    if (now - suspended.since >= longest_doubt) overdue.push_back(task);
  }
  for (const TaskId task : overdue) migrated(task);
}

void SuspendedStandbys::tell_all() {
  while (!tasks_.empty()) migrated(tasks_.begin()->first);
}

std::optional<Clock::Steady> SuspendedStandbys::due() const {
  std::optional<Clock::Steady> due;
  for (const auto& [task, suspended] : tasks_) {
    const Clock::Steady at = suspended.since + longest_doubt;
    due = due ? std::min(*due, at) : at;
  }
  return due;
}

}  // namespace moldau::inline v0::runtime
