#include "runtime/global_thread.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"
#include "moldau/processor/error_handlers.h"

#include "runtime/back_off.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

constexpr std::chrono::milliseconds call_timeout{5'000};

std::vector<std::string> global_topics(const topology::TopologyPlan& topology) {
  std::vector<std::string> topics;
  for (const topology::NodeSpec& node : topology.nodes) {
    if (node.global) topics.insert(topics.end(), node.topics.begin(), node.topics.end());
  }
  return topics;
}

}  // namespace

GlobalThread::GlobalThread(Services services, Options options, GlobalObserver& observer)
    : services_(std::move(services)),
      options_(std::move(options)),
      observer_(observer),
      errors_(services_.handlers, services_.logger, services_.dead_letter_topic),
      opener_(services_.storage, services_.state_dir / "global", services_.logger, services_.clock,
              services_.metrics, services_.store_format),
      last_commit_(services_.clock.steady()) {}

GlobalThread::~GlobalThread() = default;

void GlobalThread::request_stop() {
  stop_requested_.store(true);
  const std::lock_guard lock{wake_mutex_};
  if (wakeable_ != nullptr) wakeable_->wake();
}

state::StateStore* GlobalThread::find(std::string_view name) {
  MOLDAU_ASSERT(loaded());
  return task_->find(name);
}

std::optional<Clock::Steady> GlobalThread::step(std::chrono::milliseconds may_block) {
  next_turn_.reset();
  try {
    turn(may_block);
  } catch (...) {
    end();
    observer_.global_thread_failed(std::current_exception());
  }
  if (activity_ == Activity::dead) return std::nullopt;
  return next_turn_.value_or(services_.clock.steady());
}

void GlobalThread::turn(std::chrono::milliseconds may_block) {
  if (stop_requested_.load()) {
    // What was loaded is kept in any case; it is no use to wait for the rest.
    if (activity_ == Activity::following) task_->commit();
    return end();
  }
  switch (activity_) {
    case Activity::connecting:
      return connect(may_block);
    case Activity::loading:
      return load(may_block);
    case Activity::following:
      return follow(may_block);
    case Activity::dead:
      return;
  }
}

void GlobalThread::connect(std::chrono::milliseconds may_block) {
  make_clients();
  if (task_ == nullptr) {
    const std::optional<PartitionCounts> counts = find_topics(may_block);
    if (!counts) return;
    make_task(*counts);
  }
  if (!plan_loads(may_block)) return;
  task_->start();
  assign();
  failing_since_.reset();
  activity_ = Activity::loading;
}

void GlobalThread::make_clients() {
  if (admin_ == nullptr) {
    Result<std::unique_ptr<kafka::Admin>> made = services_.clients.make_admin(options_.admin);
    if (!made) throw StreamsError(says("no admin client: " + std::string{made.error().message()}));
    admin_ = *std::move(made);
  }
  if (consumer_ != nullptr) return;
  Result<std::unique_ptr<kafka::Consumer>> made =
      services_.clients.make_consumer(options_.consumer);
  if (!made) throw StreamsError(says("no consumer: " + std::string{made.error().message()}));
  consumer_ = *std::move(made);
  const std::lock_guard lock{wake_mutex_};
  wakeable_ = consumer_.get();
}

std::optional<PartitionCounts> GlobalThread::find_topics(std::chrono::milliseconds may_block) {
  const std::vector<std::string> topics = global_topics(*services_.topology);
  Result<PartitionCounts> counts =
      services_.topics.counts(topics, std::max(may_block, call_timeout));
  if (!counts) {
    keep_trying("looking up the topics of global stores", counts.error());
    return std::nullopt;
  }
  if (counts->size() == topics.size()) return *std::move(counts);
  const Clock::Steady now = services_.clock.steady();
  if (!missing_since_) missing_since_ = now;
  // The task says which one is missing.
  if (now - *missing_since_ >= options_.missing_topics_timeout) return *std::move(counts);
  next_turn_ = now + back_off;
  return std::nullopt;
}

void GlobalThread::make_task(const PartitionCounts& counts) {
  task_ = std::make_unique<GlobalTask>(
      services_.topology,
      TaskServices{.application_id = services_.application_id,
                   .thread_name = options_.name,
                   .sink = sink_,
                   .stores = opener_,
                   .errors = errors_,
                   .clock = services_.clock,
                   .logger = services_.logger,
                   .metrics = services_.metrics,
                   .timestamp_policy = services_.timestamp_policy,
                   .semantics = services_.semantics,
                   // Each topic is a store of its own: none is waited for.
                   .idle = {.max_wait = std::chrono::milliseconds{-1}},
                   .state_dir = services_.state_dir,
                   .app_configs = services_.app_configs,
                   .processor_wrapper = services_.processor_wrapper},
      counts);
  task_->open_stores();
}

// A store goes on where it is, if its topic still holds what comes next.
bool GlobalThread::plan_loads(std::chrono::milliseconds may_block) {
  std::vector<TopicPartition> partitions;
  for (const TaskPlan::Input& input : task_->inputs()) partitions.push_back(input.partition);
  const Result<std::vector<kafka::OffsetRange>> logs = admin_->list_offsets(
      partitions, options_.consumer.isolation, std::max(may_block, call_timeout));
  if (!logs) {
    keep_trying("looking up the ends of global topics", logs.error());
    return false;
  }
  for (std::size_t input = 0; input < partitions.size(); ++input) {
    const std::optional<Offset> at = task_->position(input);
    const kafka::OffsetRange& log = (*logs)[input];
    if (!at || (*at >= log.start && *at <= log.end)) continue;
    const std::size_t store = task_->store_of(input);
    services_.logger->warning(
        says("global store \"" + std::string{task_->store_name(store)} + "\" has followed " +
             to_string(partitions[input]) + " to offset " + std::to_string(at->value()) +
             ", which is not between the log's " + std::to_string(log.start.value()) + " and " +
             std::to_string(log.end.value()) + "; loading it again"));
    task_->rebuild(store);
  }
  loads_.clear();
  for (std::size_t input = 0; input < partitions.size(); ++input) {
    const kafka::OffsetRange& log = (*logs)[input];
    const Offset from = task_->position(input).value_or(log.start);
    loads_.push_back({.from = from, .target = log.end, .done = from >= log.end});
    if (loads_.back().done) continue;
    const std::string_view store = task_->store_name(task_->store_of(input));
    tell_listener([&](StateRestoreListener& listener) {
      listener.on_restore_start(partitions[input], store, from, log.end);
    });
  }
  return true;
}

void GlobalThread::assign() {
  std::vector<kafka::PartitionPosition> positions;
  for (std::size_t input = 0; input < loads_.size(); ++input) {
    positions.push_back(
        {task_->inputs()[input].partition, loads_[input].from, kafka::OffsetReset::error});
  }
  if (Status status = consumer_->assign(positions); !status) {
    throw StreamsError(
        says("the topics of global stores cannot be assigned: " + std::string{status.message()}));
  }
}

void GlobalThread::load(std::chrono::milliseconds may_block) {
  if (!std::ranges::all_of(loads_, &Load::done)) {
    poll(may_block);
    for (kafka::PartitionBatch& batch : polled_.batches) {
      if (batch.records.empty()) continue;
      const std::size_t input = input_of(batch.partition);
      const Offset next = batch.records.back().offset() + 1;
      const std::size_t records = batch.records.size();
      task_->restore(input, batch.records, next);
      loads_[input].records += records;
      tell_listener([&](StateRestoreListener& listener) {
        listener.on_batch_restored(batch.partition, task_->store_name(task_->store_of(input)),
                                   next - 1, records);
      });
      loaded_up_to(input, next);
    }
    for (const kafka::PartitionEvent& event : polled_.events) {
      check(event);
      if (event.kind != kafka::PartitionEvent::Kind::end_of_partition) continue;
      const std::size_t input = input_of(event.partition);
      task_->reached(input, event.position);
      loaded_up_to(input, event.position);
    }
    commit(services_.clock.steady());
  }
  if (!std::ranges::all_of(loads_, &Load::done)) return;
  task_->commit();
  last_commit_ = services_.clock.steady();
  loaded_.store(true);
  activity_ = Activity::following;
  observer_.global_stores_loaded();
}

void GlobalThread::loaded_up_to(std::size_t input, Offset position) {
  Load& load = loads_[input];
  if (load.done || position < load.target) return;
  load.done = true;
  tell_listener([&](StateRestoreListener& listener) {
    listener.on_restore_end(task_->inputs()[input].partition,
                            task_->store_name(task_->store_of(input)), load.records);
  });
}

void GlobalThread::follow(std::chrono::milliseconds may_block) {
  poll(std::min(may_block, options_.poll_wait));
  for (kafka::PartitionBatch& batch : polled_.batches) {
    task_->apply(input_of(batch.partition), batch.records);
  }
  for (const kafka::PartitionEvent& event : polled_.events) {
    check(event);
    if (event.kind == kafka::PartitionEvent::Kind::end_of_partition) {
      task_->reached(input_of(event.partition), event.position);
    }
  }
  task_->punctuate(services_.clock.wall());
  commit(services_.clock.steady());
}

void GlobalThread::poll(std::chrono::milliseconds timeout) {
  if (Status status = consumer_->poll(timeout, polled_); !status) {
    throw StreamsError(says("the consumer failed: " + std::string{status.message()}));
  }
  for (const Status& problem : polled_.problems) {
    services_.logger->warning(says(problem.message()));
  }
}

void GlobalThread::check(const kafka::PartitionEvent& event) const {
  using Kind = kafka::PartitionEvent::Kind;
  if (event.kind == Kind::offset_out_of_range) {
    throw StreamsError(says("records of " + to_string(event.partition) +
                            " were deleted before its global store has read them. Start again to "
                            "load the store from what is left"));
  }
  if (event.kind == Kind::error && !event.status.retriable()) {
    throw StreamsError(says(to_string(event.partition) +
                            " cannot be read: " + std::string{event.status.message()}));
  }
}

void GlobalThread::commit(Clock::Steady now) {
  if (!task_->commit_needed()) return;
  if (now - last_commit_ <= options_.commit_interval &&
      task_->uncommitted_bytes() <= options_.max_uncommitted_bytes) {
    return;
  }
  task_->commit();
  last_commit_ = now;
}

std::size_t GlobalThread::input_of(const TopicPartition& partition) const {
  const std::vector<TaskPlan::Input>& inputs = task_->inputs();
  const auto found = std::ranges::find(inputs, partition, &TaskPlan::Input::partition);
  MOLDAU_ASSERT(found != inputs.end());
  return static_cast<std::size_t>(found - inputs.begin());
}

// The task stays, with its stores: stream threads may still read them.
void GlobalThread::end() {
  activity_ = Activity::dead;
  {
    const std::lock_guard lock{wake_mutex_};
    wakeable_ = nullptr;
  }
  polled_ = {};  // what it holds is the consumer's
  consumer_.reset();
  admin_.reset();
}

void GlobalThread::keep_trying(std::string_view doing, const Status& status) {
  const Clock::Steady now = services_.clock.steady();
  if (!failing_since_) failing_since_ = now;
  const std::string message = says(std::string{doing} + ": " + std::string{status.message()});
  if (!status.retriable()) throw StreamsError(message);
  if (now - *failing_since_ > options_.task_timeout) {
    throw StreamsError(message + "; given up after task.timeout.ms");
  }
  next_turn_ = now + back_off;
}

std::string GlobalThread::says(std::string_view text) const {
  return "thread " + options_.name + ": " + std::string{text};
}

template <class Call>
void GlobalThread::tell_listener(Call call) {
  if (options_.listener == nullptr) return;
  try {
    call(*options_.listener);
  } catch (...) {
    services_.logger->error("the state restore listener threw: " +
                            describe(std::current_exception()));
  }
}

}  // namespace moldau::inline v0::runtime
