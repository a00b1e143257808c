#include "runtime/restorer.h"

#include "moldau/processor/error_handlers.h"
#include "moldau/state/storage.h"

#include "runtime/back_off.h"
#include "runtime/changelog_check.h"
#include "runtime/fault.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

constexpr std::chrono::milliseconds admin_timeout{5'000};
constexpr std::chrono::seconds report_interval{10};
// Records of one store go down in batches of at most this size, each with the position it reaches.
constexpr std::size_t batch_bytes = 1U << 20;

ChangelogRetention retention_of(const TaskPlan::Store& store) {
  ChangelogRetention retention;
  // The task itself reads its input from where it stopped, however long ago that was.
  if (!store.writes_changelog) retention.tombstones = std::chrono::milliseconds::max();
  const state::StoreSpec& spec = store.plan->spec;
  const auto policy = spec.changelog_config.find("cleanup.policy");
  retention.deletes_old_segments =
      policy != spec.changelog_config.end() && policy->second.find("delete") != std::string::npos;
  if (const auto kept = spec.changelog_config.find("delete.retention.ms");
      kept != spec.changelog_config.end()) {
    retention.tombstones = std::chrono::milliseconds{std::stoll(kept->second)};
  }
  return retention;
}

std::string describe_store(const StreamTask& task, const StreamTask::Store& store) {
  return "task " + to_string(task.id()) + ", store \"" + store.plan->plan->spec.name +
         "\", changelog " + to_string(*store.plan->changelog);
}

// Up to where a store is restored. An input topic that serves as changelog goes on beyond what the
// task has processed: the rest comes to the store when it is.
Offset restore_target(const StreamTask& task, const StreamTask::Store& store,
                      const kafka::OffsetRange& log) {
  if (store.plan->writes_changelog) return log.end;
  const std::optional<std::size_t> input = task.input_of(*store.plan->changelog);
  if (!input) return log.end;
  return std::clamp(task.start_offset(*input).value_or(log.start), log.start, log.end);
}

}  // namespace

struct Restorer::StoreProgress {
  StreamTask::Store* store = nullptr;
  Offset from;
  Offset target;
  Offset reached;
  std::uint64_t records = 0;
  bool done = false;
  bool stops_at_target = false;  // the topic is an input: what comes then is not processed yet
  Clock::Steady started;
  Timestamp planned_at;
  // Until the end is reached the store is only as young as what it was restored from: tombstones it
  // has not read yet count from there.
  Timestamp as_of;
};

struct Restorer::TaskProgress {
  std::unique_ptr<StreamTask> task;
  RestoreClient* client = nullptr;
  std::vector<StoreProgress> stores;
  bool planned = false;
};

Restorer::Restorer(kafka::KafkaClients& clients, Options options, Clock& clock,
                   std::shared_ptr<Logger> logger, MetricRegistry& metrics)
    : clients_(clients),
      options_(std::move(options)),
      clock_(clock),
      logger_(std::move(logger)),
      restored_(metrics.counter({"restored-records-total", "stream-state-updater-metrics", {}})) {}

Restorer::~Restorer() = default;

void Restorer::submit(std::unique_ptr<StreamTask> task, RestoreClient& client) {
  submitted_.post({std::move(task), &client});
}

void Restorer::recall(TaskId task) { recalled_.post(task); }

void Restorer::finish() { finishing_.store(true); }

std::optional<Clock::Steady> Restorer::step(std::chrono::milliseconds may_block) {
  take_orders();
  if (finishing_.load()) {
    while (!tasks_.empty()) give_back(*tasks_.back(), {});
    polled_ = {};  // what it holds is the consumer's
    consumer_.reset();
    admin_.reset();
    return std::nullopt;
  }
  if (tasks_.empty()) return Clock::Steady::max();
  const Clock::Steady now = clock_.steady();
  if (not_before_ && now < *not_before_) return *not_before_;
  not_before_.reset();

  if (Status status = make_clients(); !status) {
    logger_->warning("restoring state: no client: " + std::string{status.message()});
    not_before_ = now + back_off;
    return *not_before_;
  }
  plan_new_tasks(may_block);
  finish_ready_tasks();
  if (assignment_changed_) assign();
  const bool reading = std::ranges::any_of(tasks_, &TaskProgress::planned);
  if (reading) {
    if (Status status = consumer_->poll(may_block, polled_); !status) {
      logger_->warning("restoring state: the consumer failed and is made again: " +
                       std::string{status.message()});
      polled_ = {};
      consumer_.reset();
      assignment_changed_ = true;
    } else {
      apply(polled_);
      finish_ready_tasks();
    }
    report_progress();
  }
  if (tasks_.empty()) return Clock::Steady::max();
  return not_before_.value_or(now);
}

void Restorer::take_orders() {
  for (Submission& submission : submitted_.take()) {
    auto progress = std::make_unique<TaskProgress>();
    progress->task = std::move(submission.task);
    progress->client = submission.client;
    tasks_.push_back(std::move(progress));
  }
  for (const TaskId id : recalled_.take()) {
    const auto found = std::ranges::find_if(
        tasks_, [id](const auto& progress) { return progress->task->id() == id; });
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
  }
  if (admin_ == nullptr) {
    Result<std::unique_ptr<kafka::Admin>> made = clients_.make_admin(options_.admin);
    if (!made) return made.error();
    admin_ = *std::move(made);
  }
  return {};
}

// Reads the log ends of tasks that have just come. They came after their committed offsets were
// known to be stable, so whatever those offsets speak of lies before the ends read here.
void Restorer::plan_new_tasks(std::chrono::milliseconds may_block) {
  std::vector<TopicPartition> changelogs;
  std::vector<TaskProgress*> fresh;
  for (const auto& task : tasks_) {
    if (task->planned) continue;
    fresh.push_back(task.get());
    for (const StreamTask::Store& store : task->task->stores()) {
      if (store.plan->changelog) changelogs.push_back(*store.plan->changelog);
    }
  }
  if (fresh.empty()) return;
  Result<std::vector<kafka::OffsetRange>> logs{std::vector<kafka::OffsetRange>{}};
  if (!changelogs.empty()) {
    logs =
        admin_->list_offsets(changelogs,
                             MOLDAU_MUTATION("restore-to-lso") ? kafka::Isolation::read_committed
                                                               : kafka::Isolation::read_uncommitted,
                             std::max(may_block, admin_timeout));
    if (!logs) {
      logger_->warning("restoring state: log ends of changelogs are not known yet: " +
                       std::string{logs.error().message()});
      not_before_ = clock_.steady() + back_off;
      return;
    }
  }
  std::size_t next = 0;
  for (TaskProgress* task : fresh) {
    std::vector<kafka::OffsetRange> ranges;
    for (const StreamTask::Store& store : task->task->stores()) {
      if (store.plan->changelog) ranges.push_back((*logs)[next++]);
    }
    try {
      plan(*task, ranges);
    } catch (...) {
      give_back(*task, {.failed = std::current_exception()});
    }
  }
}

void Restorer::plan(TaskProgress& task, const std::vector<kafka::OffsetRange>& logs) {
  using Action = ChangelogVerdict::Action;
  std::vector<StreamTask::Store*> rebuild;
  std::size_t next = 0;
  for (StreamTask::Store& store : task.task->stores()) {
    if (!store.plan->changelog) continue;
    const kafka::OffsetRange& log = logs[next++];
    const Timestamp now = clock_.wall();
    const std::optional<state::ChangelogPosition> position = store.store->committed_position();
    const Offset target = restore_target(*task.task, store, log);
    ChangelogVerdict verdict = check_changelog(position, log, retention_of(*store.plan), now);
    if (verdict.action == Action::data_was_lost) {
      const std::string message = describe_store(*task.task, store) + ": " + verdict.reason;
      if (!options_.rebuild_truncated) {
        throw StateStoreError(message +
                              ". Acknowledged data is gone. To go on with what the changelog still "
                              "holds, set changelog.truncated=rebuild");
      }
      logger_->error(message + "; rebuilding from what is left, as changelog.truncated says");
      verdict.action = Action::rebuild;
    } else if (!verdict.reason.empty()) {
      logger_->warning(describe_store(*task.task, store) + ": " + verdict.reason +
                       (verdict.action == Action::rebuild ? "; rebuilding it" : ""));
    }
    if (verdict.action == Action::rebuild) {
      rebuild.push_back(&store);
      continue;
    }
    StoreProgress progress{
        .store = &store,
        .from = verdict.from,
        .target = target,
        .reached = verdict.from,
        .records = 0,
        .done = verdict.from >= target,
        .stops_at_target = !store.plan->writes_changelog,
        .started = clock_.steady(),
        .planned_at = now,
        .as_of = position && verdict.action == Action::replay ? position->committed_at : now};
    task.stores.push_back(progress);
  }
  if (!rebuild.empty()) return give_back(task, {.rebuild = std::move(rebuild)});
  task.planned = true;
  assignment_changed_ = true;
  for (const StoreProgress& progress : task.stores) {
    if (progress.done) continue;
    logger_->info(describe_store(*task.task, *progress.store) + ": restoring from offset " +
                  std::to_string(progress.from.value()) + " to " +
                  std::to_string(progress.target.value()));
    tell_listener([&](StateRestoreListener& listener) {
      listener.on_restore_start(*progress.store->plan->changelog, progress.store->store->name(),
                                progress.from, progress.target);
    });
  }
}

void Restorer::assign() {
  std::vector<kafka::PartitionPosition> positions;
  for (const auto& task : tasks_) {
    for (const StoreProgress& store : task->stores) {
      if (store.done) continue;
      positions.push_back(
          {*store.store->plan->changelog, store.reached, kafka::OffsetReset::error});
    }
  }
  if (Status status = consumer_->assign(positions); !status) {
    logger_->warning("restoring state: cannot read changelogs yet: " +
                     std::string{status.message()});
    not_before_ = clock_.steady() + back_off;
    return;
  }
  assignment_changed_ = false;
}

Restorer::StoreProgress* Restorer::find(const TopicPartition& changelog, TaskProgress** owner) {
  for (const auto& task : tasks_) {
    for (StoreProgress& store : task->stores) {
      if (!store.done && *store.store->plan->changelog == changelog) {
        *owner = task.get();
        return &store;
      }
    }
  }
  return nullptr;
}

void Restorer::apply(kafka::Polled& polled) {
  TaskProgress* owner = nullptr;
  for (const kafka::PartitionBatch& batch : polled.batches) {
    StoreProgress* store = find(batch.partition, &owner);
    if (store == nullptr) continue;
    try {
      apply_batch(*store, batch);
    } catch (...) {
      give_back(*owner, {.failed = std::current_exception()});
    }
  }
  for (const kafka::PartitionEvent& event : polled.events) {
    StoreProgress* store = find(event.partition, &owner);
    if (store == nullptr) continue;
    try {
      switch (event.kind) {
        case kafka::PartitionEvent::Kind::end_of_partition:
          advance(*store, event.position);
          break;
        case kafka::PartitionEvent::Kind::offset_out_of_range:
          throw StateStoreError(
              describe_store(*owner->task, *store->store) + ": offset " +
              std::to_string(store->reached.value()) +
              " is gone while the store was being restored; restart to begin again");
        case kafka::PartitionEvent::Kind::error:
          if (!event.status.retriable()) {
            throw StateStoreError(describe_store(*owner->task, *store->store) + ": " +
                                  std::string{event.status.message()});
          }
          break;
      }
    } catch (...) {
      give_back(*owner, {.failed = std::current_exception()});
    }
  }
}

void Restorer::apply_batch(StoreProgress& store, const kafka::PartitionBatch& batch) {
  std::vector<RawRecord> records;
  std::size_t bytes = 0;
  const auto write = [&](Offset next) {
    store.store->store->restore(records,
                                {.next = next, .committed_at = store.as_of, .topic_id = {}});
    store.records += records.size();
    restored_.add(records.size());
    store.reached = next;
    tell_listener([&](StateRestoreListener& listener) {
      listener.on_batch_restored(*store.store->plan->changelog, store.store->store->name(),
                                 next - 1, records.size());
    });
    records.clear();
    bytes = 0;
  };
  Offset next = store.reached;
  for (const kafka::FetchedRecord& record : batch.records) {
    if (store.stops_at_target && record.offset() >= store.target) {
      next = store.target;
      break;
    }
    next = record.offset() + 1;
    if (store.stops_at_target && !record.key()) continue;  // the table left it out as well
    records.push_back(record.view());
    bytes +=
        (record.key() ? record.key()->size() : 0) + (record.value() ? record.value()->size() : 0);
    if (bytes >= batch_bytes) write(next);
  }
  if (next != store.reached) write(next);
  if (store.reached >= store.target) advance(store, store.reached);
}

// The reader has come to `position`: only control records and aborted data may lie between it and
// the last record that was applied.
void Restorer::advance(StoreProgress& store, Offset position) {
  store.reached =
      std::max(store.reached, store.stops_at_target ? std::min(position, store.target) : position);
  store.done = store.reached >= store.target;
  store.store->store->restore({}, {.next = store.reached,
                                   .committed_at = store.done ? store.planned_at : store.as_of,
                                   .topic_id = {}});
  if (!store.done) return;
  assignment_changed_ = true;
  tell_listener([&](StateRestoreListener& listener) {
    listener.on_restore_end(*store.store->plan->changelog, store.store->store->name(),
                            store.records);
  });
}

void Restorer::finish_ready_tasks() {
  for (std::size_t i = tasks_.size(); i-- > 0;) {
    TaskProgress& task = *tasks_[i];
    if (task.planned && std::ranges::all_of(task.stores, &StoreProgress::done)) {
      give_back(task, {.complete = true});
    }
  }
}

void Restorer::give_back(TaskProgress& task, RestoredTask outcome) {
  for (const StoreProgress& store : task.stores) {
    if (store.done) continue;
    tell_listener([&](StateRestoreListener& listener) {
      listener.on_restore_suspended(*store.store->plan->changelog, store.store->store->name(),
                                    store.records);
    });
  }
  RestoreClient& client = *task.client;
  outcome.task = std::move(task.task);
  client.finished.post(std::move(outcome));
  std::erase_if(tasks_, [&task](const auto& progress) { return progress.get() == &task; });
  assignment_changed_ = true;
  client.wake();
}

void Restorer::report_progress() {
  const Clock::Steady now = clock_.steady();
  if (!last_report_) last_report_ = now;
  if (now - *last_report_ < report_interval) return;
  last_report_ = now;
  for (const auto& task : tasks_) {
    for (const StoreProgress& store : task->stores) {
      if (store.done) continue;
      const auto all = store.target - store.from;
      const auto passed = store.reached - store.from;
      const double seconds = std::chrono::duration<double>(now - store.started).count();
      const double rate = seconds > 0 ? static_cast<double>(passed) / seconds : 0;
      std::string message = describe_store(*task->task, *store.store) + ": restored " +
                            std::to_string(store.records) + " records, offset " +
                            std::to_string(store.reached.value()) + " of " +
                            std::to_string(store.target.value());
      if (rate > 0) {
        message +=
            ", about " +
            std::to_string(static_cast<std::int64_t>(static_cast<double>(all - passed) / rate)) +
            " s left";
      }
      logger_->info(message);
    }
  }
}

template <class Call>
void Restorer::tell_listener(Call call) {
  if (options_.listener == nullptr) return;
  try {
    call(*options_.listener);
  } catch (...) {
    logger_->error("the state restore listener threw: " + describe(std::current_exception()));
  }
}

}  // namespace moldau::inline v0::runtime
