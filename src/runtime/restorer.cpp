#include "runtime/restorer.h"

#include "moldau/base/error.h"

#include "runtime/back_off.h"
#include "runtime/changelog_follower.h"
#include "runtime/changelog_start.h"
#include "runtime/fault.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

constexpr std::chrono::milliseconds admin_timeout{5'000};
// Between two reads, however slow the brokers and disks are.
constexpr std::chrono::minutes longest_pause{10};
MetricName of_worker(const char* name) { return {name, "stream-state-updater-metrics", {}}; }
MetricName active_gauge() { return of_worker("active-restoring-tasks"); }
MetricName standby_gauge() { return of_worker("standby-updating-tasks"); }

}  // namespace

Restorer::Restorer(kafka::KafkaClients& clients, Options options, Clock& clock,
                   std::shared_ptr<Logger> logger, MetricRegistry& metrics,
                   const std::atomic<bool>& paused)
    : clients_(clients),
      options_(std::move(options)),
      clock_(clock),
      logger_(std::move(logger)),
      metrics_(metrics),
      paused_(paused),
      report_(options_.listeners, logger_),
      restored_(metrics.counter(of_worker("restored-records-total"))),
      suspended_(report_),
      upkeep_(clock, options_.commit_interval) {
  metrics_.gauge(active_gauge(), [this] { return static_cast<double>(active_tasks_.load()); });
  metrics_.gauge(standby_gauge(), [this] { return static_cast<double>(standby_tasks_.load()); });
}

Restorer::~Restorer() {
  metrics_.remove_gauge(active_gauge());
  metrics_.remove_gauge(standby_gauge());
}

void Restorer::submit(std::unique_ptr<StreamTask> task, RestoreClient& client, RestoreRole role) {
  submitted_.post({std::move(task), &client, role});
  wake_consumer();
}

void Restorer::recall(TaskId task) {
  recalled_.post(task);
  wake_consumer();
}

void Restorer::finish() {
  finishing_.store(true);
  wake_consumer();
}

void Restorer::wake_consumer() {
  const std::lock_guard lock{wake_mutex_};
  if (wakeable_ != nullptr) wakeable_->wake();
}

std::optional<Clock::Steady> Restorer::step(std::chrono::milliseconds may_block) {
  take_orders();
  if (finishing_.load()) {
    while (!tasks_.empty()) give_back(*tasks_.back(), {});
    suspended_.tell_all();
    drop_consumer();
    admin_.reset();
    return std::nullopt;
  }
  const Clock::Steady now = clock_.steady();
  suspended_.tell_overdue(now);
  if (tasks_.empty()) {
    read_at_.reset();
    return suspended_.due().value_or(Clock::Steady::max());
  }
  if (not_before_ && now < *not_before_) return *not_before_;
  not_before_.reset();

  if (Status status = make_clients(); !status) {
    back_off_after("no client", status);
    return not_before_;
  }
  plan_new_tasks(may_block);
  finish_ready_tasks();
  keep_up_standbys(may_block);
  if (assignment_changed_) assign();
  hold_standbys();
  if (std::ranges::any_of(tasks_, &RestoringTask::planned)) read(may_block);
  if (tasks_.empty()) return suspended_.due().value_or(Clock::Steady::max());
  return not_before_.value_or(now);
}

void Restorer::take_orders() {
  for (Submission& submission : submitted_.take()) {
    const bool standby = submission.role == RestoreRole::standby;
    if (standby) {
      suspended_.migrated(submission.task->id());
    } else {
      suspended_.promoted(submission.task->id());
    }
    tasks_.push_back(std::make_unique<RestoringTask>(std::move(submission.task), *submission.client,
                                                     submission.role, metrics_, clock_));
    ++(standby ? standby_tasks_ : active_tasks_);
  }
  for (const TaskId id : recalled_.take()) {
    const auto found =
        std::ranges::find_if(tasks_, [id](const auto& task) { return task->id() == id; });
    if (found != tasks_.end()) give_back(**found, {});
  }
}

Status Restorer::make_clients() {
  if (consumer_ == nullptr) {
    kafka::ConsumerOptions options = options_.consumer;
    if (MOLDAU_MUTATION("read-uncommitted-restore")) {
      options.isolation = kafka::Isolation::read_uncommitted;
    }
    Result<std::unique_ptr<kafka::Consumer>> made = clients_.make_consumer(options);
    if (!made) return made.error();
    consumer_ = *std::move(made);
    const std::lock_guard lock{wake_mutex_};
    wakeable_ = consumer_.get();
  }
  if (admin_ == nullptr) {
    Result<std::unique_ptr<kafka::Admin>> made = clients_.make_admin(options_.admin);
    if (!made) return made.error();
    admin_ = *std::move(made);
  }
  return {};
}

void Restorer::drop_consumer() {
  {
    const std::lock_guard lock{wake_mutex_};
    wakeable_ = nullptr;
  }
  polled_ = {};  // what it holds is the consumer's
  consumer_.reset();
  nothing_is_assigned();
}

void Restorer::nothing_is_assigned() {
  for (const auto& task : tasks_) {
    for (RestoringTask::Store& store : task->stores()) store.assigned = false;
  }
  assignment_changed_ = true;
}

// Reads the log ends of tasks that have just come. They came after their committed offsets were
// known to be stable, so whatever those offsets speak of lies before the ends read here.
void Restorer::plan_new_tasks(std::chrono::milliseconds may_block) {
  std::vector<TopicPartition> changelogs;
  std::vector<RestoringTask*> fresh;
  for (const auto& task : tasks_) {
    if (task->planned()) continue;
    fresh.push_back(task.get());
    std::ranges::move(task->changelogs(), std::back_inserter(changelogs));
  }
  if (fresh.empty()) return;
  const Timestamp asked_at = clock_.wall();
  if (!read_at_) read_at_ = asked_at;
  Result<std::vector<kafka::OffsetRange>> logs{std::vector<kafka::OffsetRange>{}};
  if (!changelogs.empty()) {
    logs =
        admin_->list_offsets(changelogs,
                             MOLDAU_MUTATION("restore-to-lso") ? kafka::Isolation::read_committed
                                                               : kafka::Isolation::read_uncommitted,
                             std::max(may_block, admin_timeout));
    if (!logs) return back_off_after("log ends of changelogs are not known yet", logs.error());
  }
  std::span<const kafka::OffsetRange> left{*logs};
  for (RestoringTask* task : fresh) {
    const std::size_t count = task->changelogs().size();
    try {
      plan(*task, left.first(count), asked_at);
    } catch (...) {
      give_back(*task, {.failed = std::current_exception()});
    }
    left = left.subspan(count);
  }
}

void Restorer::plan(RestoringTask& task, std::span<const kafka::OffsetRange> logs,
                    Timestamp asked_at) {
  std::vector<StreamTask::Store*> rebuild =
      task.plan(logs, asked_at, options_.rebuild_truncated, clock_, *logger_);
  if (!rebuild.empty()) return give_back(task, {.rebuild = std::move(rebuild)});
  assignment_changed_ = true;
  if (task.is_standby()) upkeep_.ask_soon();
  for (const RestoringTask::Store& store : task.stores()) {
    if (!store.follower.done()) report_.started(task.task(), store.follower);
  }
}

void Restorer::assign() {
  std::vector<kafka::PartitionPosition> positions;
  for (const auto& task : tasks_) {
    for (const RestoringTask::Store& store : task->stores()) {
      if (!store.follower.reads()) continue;
      kafka::PartitionPosition position{.partition = store.follower.changelog(),
                                        .offset = {},
                                        .reset = kafka::OffsetReset::error};
      if (!store.assigned) position.offset = store.follower.reached();
      positions.push_back(std::move(position));
    }
  }
  if (Status status = consumer_->assign(positions); !status) {
    nothing_is_assigned();  // nobody knows which of them the consumer has taken
    return back_off_after("cannot read changelogs yet", status);
  }
  for (const auto& task : tasks_) {
    for (RestoringTask::Store& store : task->stores()) store.assigned = store.follower.reads();
  }
  assignment_changed_ = false;
  standbys_held_ = false;
  std::vector<TopicPartition> partitions;
  for (const kafka::PartitionPosition& position : positions) {
    partitions.push_back(position.partition);
  }
  consumer_->resume(partitions);
}

bool Restorer::restores_active() const {
  return std::ranges::any_of(tasks_, [](const auto& task) { return !task->is_standby(); });
}

// Whoever waits for a task to run comes first.
void Restorer::hold_standbys() {
  const bool held = paused_.load() || restores_active();
  if (held == standbys_held_) return;
  standbys_held_ = held;
  std::vector<TopicPartition> partitions;
  for (const RestoringTask::Store* store : standbys()) {
    partitions.push_back(store->follower.changelog());
  }
  if (held) {
    consumer_->pause(partitions);
  } else {
    consumer_->resume(partitions);
  }
}

StandbyUpkeep::Stores Restorer::standbys() const {
  StandbyUpkeep::Stores standbys;
  for (const auto& task : tasks_) {
    if (!task->is_standby()) continue;
    for (RestoringTask::Store& store : task->stores()) standbys.push_back(&store);
  }
  return standbys;
}

void Restorer::keep_up_standbys(std::chrono::milliseconds may_block) {
  if (restores_active()) return;
  const StandbyUpkeep::Stores stores = standbys();
  if (upkeep_.raise_limits(*consumer_, stores, may_block)) assignment_changed_ = true;
  const auto failures = upkeep_.confirm_ages(*admin_, stores, std::max(may_block, admin_timeout));
  for (const StandbyUpkeep::Failure& failure : failures) {
    // None if it has gone with another of its task's stores.
    const auto task = std::ranges::find_if(tasks_, [&](const auto& entry) {
      return std::ranges::any_of(entry->stores(), [&](const RestoringTask::Store& store) {
        return &store == failure.store;
      });
    });
    if (task != tasks_.end()) give_back(**task, {.failed = failure.error});
  }
}

void Restorer::read(std::chrono::milliseconds may_block) {
  if (Status status = consumer_->poll(may_block, polled_); !status) {
    logger_->warning("restoring state: the consumer failed and is made again: " +
                     std::string{status.message()});
    return drop_consumer();
  }
  const Timestamp now = clock_.wall();
  if (now - *std::exchange(read_at_, now) > longest_pause) {
    // The process was stopped, or the machine slept, and deletions may have come and gone
    // meanwhile: as at a start, the age of what the stores hold decides.
    for (const auto& task : tasks_) {
      tell_suspended(*task);
      task->plan_again();
    }
    return;
  }
  for (const kafka::PartitionBatch& batch : polled_.batches) {
    change(batch.partition,
           [&](RestoringTask& task, RestoringTask::Store& store) { apply(task, store, batch); });
  }
  for (const kafka::PartitionEvent& event : polled_.events) {
    change(event.partition,
           [&](RestoringTask& task, RestoringTask::Store& store) { apply(task, store, event); });
  }
  report_progress();
  finish_ready_tasks();
}

// Changes the store that follows `changelog`, if one does.
template <class Change>
void Restorer::change(const TopicPartition& changelog, Change change) {
  for (const auto& task : tasks_) {
    for (RestoringTask::Store& store : task->stores()) {
      if (!store.follower.reads() || store.follower.changelog() != changelog) continue;
      try {
        change(*task, store);
        if (store.follower.reads()) return;
        // The consumer may be further than the follower, which has left records out.
        store.assigned = false;
        assignment_changed_ = true;
      } catch (...) {
        give_back(*task, {.failed = std::current_exception()});
      }
      return;
    }
  }
}

void Restorer::apply(RestoringTask& task, RestoringTask::Store& store,
                     const kafka::PartitionBatch& batch) {
  const std::optional<Offset> end = log_end(batch.partition);
  store.follower.apply(batch, [&](const ChangelogFollower::Written& written) {
    restored_.add(written.records);
    task.meter().records(written.records);
    report_.written(task.task(), store.follower, written, end);
  });
  if (store.follower.done()) report_.finished(store.follower, clock_.steady());
}

void Restorer::apply(RestoringTask& task, RestoringTask::Store& store,
                     const kafka::PartitionEvent& event) {
  const std::string name = describe_store(task.task(), store.follower.store());
  switch (event.kind) {
    case kafka::PartitionEvent::Kind::end_of_partition:
      store.follower.at_end(event.position, *read_at_);
      if (store.follower.done()) report_.finished(store.follower, clock_.steady());
      return;
    case kafka::PartitionEvent::Kind::offset_out_of_range: {
      const std::string gone =
          name + ": offset " + std::to_string(store.follower.reached().value()) + " is gone";
      if (!task.is_standby()) {
        throw StateStoreError(gone + " while the store was being restored; restart to begin again");
      }
      logger_->warning(gone + " from under a standby that was behind; looking at the log again");
      store.assigned = false;
      task.plan_again();
      return;
    }
    case kafka::PartitionEvent::Kind::error:
      if (!event.status.retriable()) {
        throw StateStoreError(name + ": " + std::string{event.status.message()});
      }
      return;
  }
}

void Restorer::finish_ready_tasks() {
  for (std::size_t i = tasks_.size(); i-- > 0;) {
    if (tasks_[i]->complete()) give_back(*tasks_[i], {.complete = true});
  }
}

void Restorer::give_back(RestoringTask& task, RestoredTask outcome) {
  tell_suspended(task);
  if (task.is_standby()) {
    std::vector<SuspendedStandbys::Store> suspended;
    for (const RestoringTask::Store& store : task.stores()) {
      const ChangelogFollower& follower = store.follower;
      suspended.push_back({follower.changelog(), std::string{follower.store_name()},
                           follower.reached(), log_end(follower.changelog())});
    }
    suspended_.add(task.id(), std::move(suspended), clock_.steady());
  }
  --(task.is_standby() ? standby_tasks_ : active_tasks_);
  assignment_changed_ = true;
  const auto position =
      std::ranges::find(tasks_, &task, [](const auto& entry) { return entry.get(); });
  const std::unique_ptr<RestoringTask> leaving = std::move(*position);
  tasks_.erase(position);
  leaving->give_back(std::move(outcome));
}

// Of a task that is to run: what is not complete is restored no further from here.
void Restorer::tell_suspended(RestoringTask& task) {
  if (task.is_standby()) return;
  for (const RestoringTask::Store& store : task.stores()) {
    if (!store.follower.done()) report_.restore_suspended(store.follower);
  }
}

std::optional<Offset> Restorer::log_end(const TopicPartition& changelog) const {
  return consumer_ == nullptr ? std::nullopt : consumer_->known_end(changelog);
}

void Restorer::report_progress() {
  const Clock::Steady now = clock_.steady();
  for (const auto& task : tasks_) {
    task->meter().remaining(
        task->remaining([this](const TopicPartition& changelog) { return log_end(changelog); }));
    if (task->is_standby()) continue;
    for (RestoringTask::Store& store : task->stores()) {
      if (store.follower.done() || now < store.next_report) continue;
      store.next_report = now + RestoreReport::interval;
      report_.progress(task->task(), store.follower, now);
      // All that is decided has been read, and the target lies further on.
      if (log_end(store.follower.changelog()) == store.follower.reached()) {
        report_.awaits_transaction(task->task(), store.follower);
      }
    }
  }
}

void Restorer::back_off_after(const char* doing, const Status& status) {
  logger_->warning("restoring state: " + std::string{doing} + ": " + std::string{status.message()});
  not_before_ = clock_.steady() + back_off;
}

}  // namespace moldau::inline v0::runtime
