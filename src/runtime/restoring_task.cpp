#include "runtime/restoring_task.h"

#include "moldau/base/error.h"

#include "runtime/changelog_start.h"

#include <algorithm>
#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

RestoringTask::RestoringTask(std::unique_ptr<StreamTask> task, RestoreClient& client,
                             RestoreRole role, MetricRegistry& metrics, const Clock& clock)
    : task_(std::move(task)),
      client_(client),
      role_(role),
      meter_(metrics, clock, *task_, role == RestoreRole::standby) {}

std::vector<TopicPartition> RestoringTask::changelogs() const {
  std::vector<TopicPartition> changelogs;
  for (const StreamTask::Store& store : task_->stores()) {
    if (store.plan->changelog) changelogs.push_back(*store.plan->changelog);
  }
  return changelogs;
}

std::vector<StreamTask::Store*> RestoringTask::plan(std::span<const kafka::OffsetRange> logs,
                                                    Timestamp asked_at, bool rebuild_truncated,
                                                    Clock& clock, Logger& logger) {
  std::vector<StreamTask::Store*> rebuild;
  std::size_t next = 0;
  stores_.clear();
  for (StreamTask::Store& store : task_->stores()) {
    if (!store.plan->changelog) continue;
    const kafka::OffsetRange& log = logs[next++];
    const std::optional<Offset> from =
        begin_of(*task_, store, log, clock.wall(), rebuild_truncated, logger);
    if (!from) {
      rebuild.push_back(&store);
      continue;
    }
    const ChangelogFollower::Beginning begins = beginning(store, log, *from, asked_at, clock);
    stores_.push_back(
        {.follower = {store, begins}, .next_report = begins.started + RestoreReport::interval});
  }
  task_->owned_at(asked_at);  // once it is restored it holds all that had been written by then
  planned_ = rebuild.empty();
  return rebuild;
}

ChangelogFollower::Beginning RestoringTask::beginning(const StreamTask::Store& store,
                                                      const kafka::OffsetRange& log, Offset from,
                                                      Timestamp asked_at,
                                                      const Clock& clock) const {
  const std::optional<state::ChangelogPosition> position = store.store->committed_position();
  ChangelogFollower::Beginning begins{
      .from = from,
      .target = is_standby() ? log.end : restore_target(*task_, store, log),
      .endless = is_standby(),
      .started = clock.steady(),
      .asked_at = asked_at,
      .as_of = position ? position->as_of : asked_at};
  // How far the group has come with an input that a standby follows is asked for later.
  if (!store.plan->writes_changelog) begins.limit = is_standby() ? from : begins.target;
  return begins;
}

bool RestoringTask::complete() const {
  return planned_ && !is_standby() &&
         std::ranges::all_of(stores_, [](const Store& store) { return store.follower.done(); });
}

std::int64_t RestoringTask::remaining(const LogEnd& log_end) const {
  std::int64_t remaining = 0;
  for (const Store& store : stores_) {
    const ChangelogFollower& follower = store.follower;
    Offset end = follower.beginning().target;
    if (is_standby()) end = log_end(follower.changelog()).value_or(end);
    remaining += std::max<Offset::rep>(end - follower.reached(), 0);
  }
  return remaining;
}

void RestoringTask::give_back(RestoredTask outcome) {
  outcome.task = std::move(task_);
  client_.finished.post(std::move(outcome));
  client_.wake();
}

}  // namespace moldau::inline v0::runtime
