#include "runtime/thread_tasks.h"

#include "runtime/reconcile.h"

#include <utility>

namespace moldau::inline v0::runtime {

ThreadTasks::ThreadTasks(const Services& services, TaskRegistry::Options options)
    : maker_({.topology = services.topology,
              .tasks = services.tasks,
              .topics = services.topics,
              .claims = services.claims}),
      active_({.topology = services.topology,
               .tasks = services.tasks,
               .maker = maker_,
               .restorer = services.restorer,
               .wake_restorer = services.wake_restorer,
               .wake_thread = services.wake_thread},
              options),
      standbys_(maker_, {.restorer = services.restorer,
                         .wake_restorer = services.wake_restorer,
                         .wake_thread = services.wake_thread}) {}

kafka::OwnedTasks ThreadTasks::owned() const {
  return {.active = active_.owned(), .standby = standbys_.owned()};
}

ThreadTasks::Changes ThreadTasks::changes_to(const kafka::OwnedTasks& target) const {
  ReconcilePlan active = reconcile(active_.owned(), target.active);
  ReconcilePlan standby = reconcile(standbys_.owned(), target.standby);
  return {.revoke = {.active = std::move(active.revoke), .standby = std::move(standby.revoke)},
          .create = {.active = std::move(active.create), .standby = std::move(standby.create)}};
}

Status ThreadTasks::create(const kafka::OwnedTasks& tasks, std::chrono::milliseconds timeout) {
  if (Status status = active_.create(tasks.active, timeout); !status) return status;
  return standbys_.create(tasks.standby, timeout);
}

bool ThreadTasks::recall(const kafka::OwnedTasks& tasks) {
  const bool active_here = active_.recall(tasks.active);
  return standbys_.recall(tasks.standby) && active_here;
}

void ThreadTasks::close(const kafka::OwnedTasks& tasks) {
  active_.close(tasks.active);
  standbys_.close(tasks.standby);
}

void ThreadTasks::take_restored() {
  active_.take_restored();
  standbys_.take_back();
  maker_.forget_old();
}

}  // namespace moldau::inline v0::runtime
