#include "runtime/stream_thread.h"

#include "moldau/base/assert.h"

#include "runtime/back_off.h"
#include "runtime/fault.h"
#include "runtime/running_tasks.h"
#include "runtime/task_signals.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

constexpr std::chrono::milliseconds short_pause{2};
constexpr std::chrono::milliseconds wait_for_globals{10};
constexpr std::chrono::seconds leave_timeout{2};
constexpr std::chrono::seconds last_flush{2};
// How long a thread that is to stop goes on trying to commit, then to abort.
constexpr std::chrono::seconds stop_patience{10};
constexpr std::chrono::minutes confirmation_interval{10};

TaskServices make_task_services(const StreamThread::Services& services, const std::string& name,
                                RecordSink& sink, ErrorPolicy& errors) {
  return {.application_id = services.application_id,
          .thread_name = name,
          .sink = sink,
          .stores = services.stores,
          .errors = errors,
          .clock = services.clock,
          .logger = services.logger,
          .metrics = services.metrics,
          .timestamp_policy = services.timestamp_policy,
          .semantics = services.semantics,
          .final_results_interval = services.final_results_interval,
          .outer_join_emit_interval = services.outer_join_emit_interval,
          .idle = services.idle,
          .state_dir = services.state_dir,
          .app_configs = services.app_configs,
          .globals = services.globals,
          .processor_wrapper = services.processor_wrapper};
}

Counter& dropped_by_producer(MetricRegistry& metrics, const std::string& thread) {
  return metrics.counter({.name = "dropped-records-total",
                          .group = "stream-task-metrics",
                          .tags = {{"thread-id", thread}}});
}

// Without transactions nothing bounds what is sent between two commits until records time out, each
// after a while of its own (message.timeout.ms).
TransactionSize transaction_size(const ThreadOptions& options) {
  constexpr std::chrono::minutes twice_the_time_of_a_record{10};
  if (options.exactly_once) return {options.max_transaction_bytes, options.transaction_timeout};
  return {std::numeric_limits<std::size_t>::max(), twice_the_time_of_a_record};
}

}  // namespace

StreamThread::StreamThread(Services services, ThreadOptions options, ThreadObserver& observer)
    : services_(std::move(services)),
      options_(std::move(options)),
      observer_(observer),
      errors_(services_.handlers, services_.logger, services_.dead_letter_topic),
      producer_({.clients = services_.clients,
                 .errors = errors_,
                 .clock = services_.clock,
                 .logger = services_.logger,
                 .dropped = dropped_by_producer(services_.metrics, options_.name),
                 .stopping = [this] { return stop_requested_.load(); }},
                options_.producer, transaction_size(options_)),
      task_services_(make_task_services(services_, options_.name, producer_, errors_)),
      tasks_({.topology = services_.topology,
              .tasks = task_services_,
              .topics = services_.topics,
              .claims = services_.claims,
              .restorer = services_.restorer,
              .wake_restorer = services_.wake_restorer,
              .wake_thread = [this] { wake(); }},
             options_.tasks),
      runner_(services_.clock, producer_, options_.max_uncommitted_bytes),
      patience_(services_.clock, services_.logger, options_.task_timeout),
      news_(services_.clock, services_.logger,
            {.thread = says({}),
             .missing_topics_timeout = options_.missing_topics_timeout,
             .shutdown_requested = [this] { observer_.shutdown_requested(*this); }}),
      last_commit_(services_.clock.steady()),
      last_confirmation_(last_commit_) {
  errors_.dead_letters().write_to(producer_);
}

StreamThread::~StreamThread() = default;

void StreamThread::request_stop() {
  stop_requested_.store(true);
  wake();
}

void StreamThread::wake() {
  const std::lock_guard lock{wake_mutex_};
  if (wakeable_ != nullptr) wakeable_->wake();
}

std::optional<Clock::Steady> StreamThread::step(std::chrono::milliseconds may_block) {
  next_turn_.reset();
  try {
    turn(may_block);
  } catch (const TransactionLost& lost) {
    committer_->cancel();
    begin_recovery(Recovery::rollback, lost.status());
  } catch (const StopRequested&) {
    // In the middle of a record: what is not committed is done again by whoever comes next.
    committer_->cancel();
    begin_leaving();
  } catch (...) {
    fail(std::current_exception());
  }
  if (activity_ == Activity::dead) return std::nullopt;
  return next_turn_.value_or(services_.clock.steady());
}

void StreamThread::turn(std::chrono::milliseconds may_block) {
  switch (activity_) {
    case Activity::starting:
      return start();
    case Activity::working:
      return work(may_block);
    case Activity::committing:
      return advance_commit(may_block);
    case Activity::recovering:
      return advance_recovery(may_block);
    case Activity::leaving:
      return advance_leaving(may_block);
    case Activity::dead:
      return;
  }
}

void StreamThread::start() {
  if (stop_requested_.load()) return begin_leaving();
  // Records may look into global stores: none is processed before they are loaded.
  if (services_.globals != nullptr && !services_.globals->loaded()) return pause(wait_for_globals);
  set_state(ThreadState::starting);
  Result<std::unique_ptr<kafka::Consumer>> consumer =
      services_.clients.make_consumer(options_.consumer);
  if (!consumer)
    throw StreamsError(says("no consumer: " + std::string{consumer.error().message()}));
  consumer_ = *std::move(consumer);
  {
    const std::lock_guard lock{wake_mutex_};
    wakeable_ = consumer_.get();
  }
  kafka::MembershipOptions member = options_.membership;
  member.on_event = [this] { wake(); };
  Result<std::unique_ptr<kafka::GroupMembership>> membership =
      services_.memberships.make_member(member);
  if (!membership) {
    throw StreamsError(says("no group member: " + std::string{membership.error().message()}));
  }
  membership_ = *std::move(membership);
  committer_ = options_.exactly_once ? make_exactly_once_committer(producer_, options_.group)
                                     : make_at_least_once_committer(producer_, *membership_);
  if (Status status = membership_->join(options_.subscription); !status) {
    throw StreamsError(
        says("cannot join group " + options_.group + ": " + std::string{status.message()}));
  }
  activity_ = Activity::working;
}

void StreamThread::work(std::chrono::milliseconds may_block) {
  look_at_group();
  if (follow_group(may_block)) return;
  if (stop_requested_.load()) {
    if (anything_to_commit()) return begin_commit(AfterCommit::leave);
    return begin_leaving();
  }
  if (!prepare(may_block)) return;

  Clock::Steady now = services_.clock.steady();
  if (Status status = consumer_->poll(poll_time(may_block, now), polled_); !status) {
    throw StreamsError(says("the consumer failed: " + std::string{status.message()}));
  }
  for (const Status& problem : polled_.problems) {
    services_.logger->warning(says(problem.message()));
  }
  tasks_.active().distribute(*consumer_, polled_);
  now = services_.clock.steady();
  if (!services_.paused.load()) {
    runner_.process(tasks_.active().running(), now);
    runner_.punctuate(tasks_.active().running());
  }
  tasks_.active().balance(*consumer_);
  producer_.collect();
  if (commit_due(now)) return begin_commit(AfterCommit::work);
  confirm_idle_tasks(may_block, now);
}

void StreamThread::look_at_group() { news_.take(membership_->poll()); }

// True if the thread has to do (or wait for) something about its tasks before it may go on working.
bool StreamThread::follow_group(std::chrono::milliseconds may_block) {
  if (news_.lost()) return give_up_lost_tasks();
  if (news_.target()) return reconcile_tasks(may_block);
  return false;
}

bool StreamThread::give_up_lost_tasks() {
  set_state(ThreadState::partitions_revoked);
  if (producer_.in_transaction()) {
    begin_recovery(Recovery::rollback, {});
    return true;
  }
  if (!close_tasks(tasks_.owned())) return true;
  producer_.begin_again();
  news_.gave_up();
  has_assignment_ = false;
  membership_->acknowledge({});
  return false;
}

// Commit before the acknowledgement: whoever gets a task next finds everything this member has
// done.
bool StreamThread::reconcile_tasks(std::chrono::milliseconds may_block) {
  const ThreadTasks::Changes changes = tasks_.changes_to(*news_.target());
  if (!changes.revoke.active.empty()) {
    set_state(ThreadState::partitions_revoked);
    if (MOLDAU_MUTATION("commit-after-revoke-answer")) membership_->acknowledge(*news_.target());
    if (anything_to_commit()) {
      begin_commit(AfterCommit::reconcile);
      return true;
    }
  }
  if (!close_tasks(changes.revoke) || !create_tasks(changes.create, may_block)) return true;
  set_state(ThreadState::partitions_assigned);
  membership_->acknowledge(tasks_.owned());
  news_.reached_target();
  has_assignment_ = true;
  return false;
}

bool StreamThread::create_tasks(const kafka::OwnedTasks& tasks,
                                std::chrono::milliseconds may_block) {
  if (Status status = tasks_.create(tasks, may_block); !status) {
    if (!status.retriable()) throw StreamsError(says(status.message()));
    keep_trying("making new tasks", status);
    return false;
  }
  patience_.got_through();
  return true;
}

// False while the restorer still has one of them.
bool StreamThread::close_tasks(const kafka::OwnedTasks& tasks) {
  if (!tasks_.recall(tasks)) {
    pause(short_pause);
    return false;
  }
  tasks_.close(tasks);
  if (Status status = tasks_.active().assign(*consumer_); !status) {
    keep_trying("taking partitions from the consumer", status);
    return false;
  }
  return true;
}

// Brings everything up that records need: the producer, committed offsets, stores, the assignment.
bool StreamThread::prepare(std::chrono::milliseconds may_block) {
  if (!producer_.ready()) {
    if (Status status = producer_.prepare(may_block); !status) {
      if (!status.retriable() && !status.fatal()) {
        throw StreamsError(says("no producer: " + std::string{status.message()}));
      }
      keep_trying("preparing the producer", status);
      return false;
    }
  }
  // Offsets are read after init_transactions() has ended what a predecessor left open, and are
  // waited for until they are stable: a pending transaction of another instance may still decide.
  if (Status status = tasks_.active().load(*consumer_, may_block); !status) {
    if (!status.retriable()) {
      throw StreamsError(
          says("committed offsets cannot be read: " + std::string{status.message()}));
    }
    keep_trying("reading committed offsets", status);
    return false;
  }
  tasks_.take_restored();
  if (Status status = tasks_.active().assign(*consumer_); !status) {
    if (!status.retriable()) {
      throw StreamsError(says("partitions cannot be assigned: " + std::string{status.message()}));
    }
    keep_trying("assigning partitions", status);
    return false;
  }
  patience_.got_through();
  if (has_assignment_) {
    set_state(tasks_.active().all_running() ? ThreadState::running
                                            : ThreadState::partitions_assigned);
  }
  return true;
}

std::chrono::milliseconds StreamThread::poll_time(std::chrono::milliseconds may_block,
                                                  Clock::Steady now) const {
  using std::chrono::milliseconds;
  Clock::Steady until = now + std::min(may_block, options_.poll_wait);
  if (!services_.paused.load()) {
    if (const auto work = runner_.next_work(tasks_.active().running(), now)) {
      until = std::min(until, *work);
    }
  }
  if (anything_to_commit()) until = std::min(until, last_commit_ + options_.commit_interval);
  return std::max(milliseconds::zero(), std::chrono::ceil<milliseconds>(until - now));
}

bool StreamThread::anything_to_commit() const {
  return producer_.in_transaction() || any_commit_needed(tasks_.active().running());
}

bool StreamThread::commit_due(Clock::Steady now) const {
  if (!anything_to_commit()) return false;
  if (now - last_commit_ > options_.commit_interval) return true;
  if (any_commit_requested(tasks_.active().running())) return true;
  if (uncommitted_bytes(tasks_.active().running()) > options_.max_uncommitted_bytes) return true;
  if (producer_.full()) return true;
  return options_.exactly_once && producer_.first_sent_at() &&
         now - *producer_.first_sent_at() > options_.transaction_timeout / 2;
}

void StreamThread::begin_commit(AfterCommit after) {
  activity_ = Activity::committing;
  after_commit_ = after;
  committer_->begin(tasks_.active().running(), membership_->snapshot(), services_.clock.wall());
}

void StreamThread::advance_commit(std::chrono::milliseconds may_block) {
  look_at_group();
  if (news_.lost() && committer_->cancel()) return begin_recovery(Recovery::rollback, {});

  const CommitProgress progress = committer_->step(may_block);
  switch (progress.kind) {
    case CommitProgress::Kind::pending:
      if (stopping_takes_too_long() && committer_->cancel()) {
        services_.logger->warning(
            says("stopping without the last commit: the broker does not answer"));
        return begin_recovery(Recovery::rollback, {});
      }
      keep_trying(committer_->doing(), Status::retriable(ErrorCode::timed_out, "no answer yet"));
      return;
    case CommitProgress::Kind::committed:
      patience_.got_through();
      if (progress.replace_producer) {
        services_.logger->info(
            says("the end of a transaction was repeated or late; going on with a new producer"));
        producer_.discard();
      }
      return after_commit();
    case CommitProgress::Kind::refused:
      return begin_recovery(Recovery::rollback, progress.status);
    case CommitProgress::Kind::member_lost:
      // The membership learns of it too and says what becomes of the tasks; until it does, the same
      // epoch would only be refused again.
      begin_recovery(Recovery::rollback, progress.status);
      return pause(back_off);
    case CommitProgress::Kind::unknown:
      return begin_recovery(Recovery::reload, progress.status);
  }
}

bool StreamThread::stopping_takes_too_long() const {
  return stop_requested_.load() && patience_.failing_for() > stop_patience;
}

void StreamThread::after_commit() {
  last_commit_ = last_confirmation_ = services_.clock.steady();
  if (services_.purger != nullptr) services_.purger->committed(tasks_.active().purgeable());
  if (after_commit_ == AfterCommit::leave) return begin_leaving();
  activity_ = Activity::working;
}

void StreamThread::begin_recovery(Recovery kind, const Status& why) {
  if (!why.ok()) {
    services_.logger->warning(says("back to the last commit: " + std::string{why.message()}));
  }
  activity_ = Activity::recovering;
  recovery_ = kind;
  // A fenced member's producer may still end its transaction, so that nobody waits for that.
  const bool fenced = why.fenced() && why.code() != ErrorCode::stale_member;
  if (why.fatal() || fenced || kind == Recovery::reload) producer_.discard();
}

void StreamThread::advance_recovery(std::chrono::milliseconds may_block) {
  if (producer_.in_transaction()) {
    const Result<kafka::TransactionEnd> ended = producer_.abort_transaction(may_block);
    if (!ended && ended.error().retriable()) {
      if (stopping_takes_too_long()) return begin_leaving();
      return keep_trying("aborting the transaction", ended.error());
    }
    // An abort that failed, or may be repeated behind our back, is finished by a new producer.
    if (!ended || !ended->clean) producer_.discard();
  }
  if (recovery_ == Recovery::reload) {
    // Only the next init_transactions() makes the broker decide: then the offsets and the
    // changelogs tell what it decided.
    tasks_.active().reload();
  } else {
    tasks_.active().rollback();
  }
  producer_.begin_again();
  patience_.got_through();
  last_commit_ = services_.clock.steady();
  if (stop_requested_.load()) return begin_leaving();
  activity_ = Activity::working;
}

void StreamThread::begin_leaving() {
  activity_ = Activity::leaving;
  set_state(ThreadState::pending_shutdown);
}

void StreamThread::advance_leaving(std::chrono::milliseconds may_block) {
  const Clock::Steady now = services_.clock.steady();
  if (!leaving_since_) leaving_since_ = now;
  if (producer_.in_transaction() && now - *leaving_since_ < stop_patience) {
    const Result<kafka::TransactionEnd> ended = producer_.abort_transaction(may_block);
    if (!ended && ended.error().retriable()) return pause(short_pause);
  }
  const kafka::OwnedTasks owned = tasks_.owned();
  if (!tasks_.recall(owned)) return pause(short_pause);
  tasks_.close(owned);
  tasks_.forget_all();
  if (membership_ != nullptr) {
    if (Status status = membership_->leave(leave_timeout); !status) {
      services_.logger->info(
          says("left the group without an answer: " + std::string{status.message()}));
    }
  }
  committer_.reset();
  membership_.reset();
  {
    const std::lock_guard lock{wake_mutex_};
    wakeable_ = nullptr;
  }
  polled_ = {};  // what it holds is the consumer's
  consumer_.reset();
  producer_.discard();
  activity_ = Activity::dead;
  set_state(ThreadState::dead);
}

void StreamThread::fail(std::exception_ptr error) {
  if (activity_ == Activity::leaving || activity_ == Activity::dead) {
    // Even closing failed: nothing more can be done in order.
    services_.logger->error(says("closing failed: " + describe(error)));
    activity_ = Activity::dead;
    set_state(ThreadState::dead);
    return;
  }
  const bool for_all = observer_.failed(*this, error);
  if (for_all && membership_ != nullptr) membership_->ask_for_shutdown();
  if (committer_ != nullptr) committer_->cancel();
  if (!options_.exactly_once) deliver_dead_letters();
  begin_leaving();
}

// What stopped the thread may have left one. With a transaction it is undone with everything else.
void StreamThread::deliver_dead_letters() {
  try {
    if (Status status = producer_.flush(last_flush); !status) {
      services_.logger->warning(
          says("not everything sent is delivered: " + std::string{status.message()}));
    }
  } catch (...) {
    services_.logger->error(says(describe(std::current_exception())));
  }
}

void StreamThread::set_state(ThreadState state) {
  if (state_.exchange(state) != state) observer_.state_changed(*this, state);
}

void StreamThread::keep_trying(std::string_view doing, const Status& status) {
  patience_.failed(says(std::string{doing} + ": " + std::string{status.message()}));
  pause(short_pause);
}

void StreamThread::pause(std::chrono::milliseconds time) {
  next_turn_ = services_.clock.steady() + time;
}

// Stores that saw no write say now and then that they are up to date (reliability 1.6). Only the
// group knows whether they are: others may have these tasks, and this thread not heard of it yet.
// If the group cannot be asked, or says no, there is nothing to be done about it here.
void StreamThread::confirm_idle_tasks(std::chrono::milliseconds may_block, Clock::Steady now) {
  if (now - last_confirmation_ < confirmation_interval || anything_to_commit()) return;
  last_confirmation_ = now;
  const std::span<StreamTask* const> idle = tasks_.active().running();
  const std::vector<kafka::CommittedOffset> offsets = known_offsets(idle);
  if (offsets.empty()) return;
  const Timestamp asked_at = services_.clock.wall();
  if (!membership_->commit(offsets, membership_->snapshot(), may_block)) return;
  for (StreamTask* task : idle) {
    task->owned_at(asked_at);
    task->commit_stores(producer_);
  }
}

std::string StreamThread::says(std::string_view text) const {
  return "thread " + options_.name + ": " + std::string{text};
}

}  // namespace moldau::inline v0::runtime
