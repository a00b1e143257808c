#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/clients.h"

#include "runtime/committer.h"
#include "runtime/error_policy.h"
#include "runtime/global_thread.h"
#include "runtime/group_news.h"
#include "runtime/patience.h"
#include "runtime/repartition_purger.h"
#include "runtime/task_runner.h"
#include "runtime/thread_producer.h"
#include "runtime/thread_tasks.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0::runtime {

// Of one stream thread, in the reference's words.
enum class ThreadState : std::uint8_t {
  created,
  starting,
  partitions_revoked,   // between assignments
  partitions_assigned,  // tasks are being restored
  running,
  pending_shutdown,
  dead,
};

class StreamThread;

// Who is told about a thread. Called on the thread itself.
class ThreadObserver {
 public:
  virtual void state_changed(StreamThread& thread, ThreadState state) = 0;
  // The thread stops because of `error`; state_changed(dead) follows. True: the group is asked to
  // stop every instance.
  [[nodiscard]] virtual bool failed(StreamThread& thread, std::exception_ptr error) = 0;
  // The group asks every instance to stop.
  virtual void shutdown_requested(StreamThread& thread) = 0;

 protected:
  ~ThreadObserver() = default;
};

struct ThreadOptions {
  std::string name;
  bool exactly_once = false;
  std::string group;
  kafka::ConsumerOptions consumer;
  kafka::ProducerOptions producer;
  kafka::MembershipOptions membership;
  kafka::Subscription subscription;
  TaskRegistry::Options tasks;
  std::chrono::milliseconds commit_interval{30'000};
  std::chrono::milliseconds transaction_timeout{10'000};
  std::chrono::milliseconds poll_wait{100};         // `poll.ms`
  std::chrono::milliseconds task_timeout{300'000};  // how long one step may go on failing
  // A missing input topic ends the application after this long.
  std::chrono::milliseconds missing_topics_timeout{10'000};
  std::size_t max_uncommitted_bytes = 64U << 20;  // `state.uncommitted.max.bytes`
  std::size_t max_transaction_bytes = 32U << 20;
};

// The loop of one stream thread: poll, enqueue, process, commit, follow the group. Owns its
// consumer, producer, member and tasks; shares none of them.
//
// A stepper: each turn does a bounded piece of work and waits only inside a seam call. What takes
// longer (a commit, the end of a transaction, a rebalance) is resumed at the next turn.
class StreamThread final : public Worker {
 public:
  struct Services {
    kafka::KafkaClients& clients;
    kafka::Memberships& memberships;
    Clock& clock;
    std::shared_ptr<Logger> logger;  // the application's; shared by all its threads
    MetricRegistry& metrics;
    StoreOpener& stores;
    ErrorHandlers handlers;
    std::string dead_letter_topic = {};                      // empty: none
    std::shared_ptr<const topology::TopologyPlan> topology;  // shared with every thread; immutable
    TopicDirectory& topics;
    TaskClaims& claims;
    Restorer& restorer;
    std::function<void()> wake_restorer;
    RepartitionPurger* purger = nullptr;  // nullptr: the topology has no repartition topics
    std::string application_id;
    TimestampPolicy timestamp_policy = TimestampPolicy::fail_on_invalid;
    Semantics semantics = Semantics::complete;
    std::chrono::milliseconds final_results_interval{0};
    std::chrono::milliseconds outer_join_emit_interval{1000};
    IdlePolicy idle;
    std::filesystem::path state_dir = {};
    std::map<std::string, std::string, std::less<>> app_configs = {};
    ProcessorWrapper processor_wrapper = nullptr;
    GlobalThread* globals = nullptr;  // nullptr: the application has no global stores
    const std::atomic<bool>& paused;  // of the application: nothing is processed
  };

  StreamThread(Services services, ThreadOptions options, ThreadObserver& observer);
  ~StreamThread() override;

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

  // Commits, closes the tasks, leaves the group, ends. Any thread.
  void request_stop();
  // There is something new to look at: ends a wait for records. Any thread.
  void wake();

  [[nodiscard]] ThreadState state() const noexcept { return state_.load(); }
  [[nodiscard]] const std::string& name() const noexcept { return options_.name; }

 private:
  enum class Activity : std::uint8_t { starting, working, committing, recovering, leaving, dead };
  enum class AfterCommit : std::uint8_t { work, reconcile, leave };
  // What a recovery does once no transaction is open any more.
  enum class Recovery : std::uint8_t { rollback, reload };

  void turn(std::chrono::milliseconds may_block);
  void start();
  void work(std::chrono::milliseconds may_block);
  void look_at_group();
  bool follow_group(std::chrono::milliseconds may_block);
  bool give_up_lost_tasks();
  bool reconcile_tasks(std::chrono::milliseconds may_block);
  bool create_tasks(const kafka::OwnedTasks& tasks, std::chrono::milliseconds may_block);
  bool close_tasks(const kafka::OwnedTasks& tasks);
  bool prepare(std::chrono::milliseconds may_block);
  [[nodiscard]] std::chrono::milliseconds poll_time(std::chrono::milliseconds may_block,
                                                    Clock::Steady now) const;
  [[nodiscard]] bool commit_due(Clock::Steady now) const;
  [[nodiscard]] bool anything_to_commit() const;
  void begin_commit(AfterCommit after);
  void advance_commit(std::chrono::milliseconds may_block);
  void after_commit();
  // It is to stop, and what it does before has been failing for a while.
  [[nodiscard]] bool stopping_takes_too_long() const;
  void begin_recovery(Recovery kind, const Status& why);
  void advance_recovery(std::chrono::milliseconds may_block);
  void begin_leaving();
  void advance_leaving(std::chrono::milliseconds may_block);
  void fail(std::exception_ptr error);
  void deliver_dead_letters();
  void set_state(ThreadState state);
  // Counts how long a step has been failing; throws once that is longer than `task.timeout.ms`.
  void keep_trying(std::string_view doing, const Status& status);
  // The next turn comes after a pause, because nothing tells when what is waited for happens.
  void pause(std::chrono::milliseconds time);
  void confirm_idle_tasks(std::chrono::milliseconds may_block, Clock::Steady now);
  [[nodiscard]] std::string says(std::string_view text) const;

  Services services_;
  ThreadOptions options_;
  ThreadObserver& observer_;
  ErrorPolicy errors_;
  ThreadProducer producer_;
  TaskServices task_services_;
  ThreadTasks tasks_;
  TaskRunner runner_;
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<kafka::GroupMembership> membership_;
  std::unique_ptr<Committer> committer_;

  std::atomic<ThreadState> state_{ThreadState::created};
  std::atomic<bool> stop_requested_{false};
  std::mutex wake_mutex_;                // guards wakeable_
  kafka::Consumer* wakeable_ = nullptr;  // consumer_ while it exists, for other threads

  Activity activity_ = Activity::starting;
  AfterCommit after_commit_ = AfterCommit::work;
  Recovery recovery_ = Recovery::rollback;
  Patience patience_;
  GroupNews news_;
  bool has_assignment_ = false;
  kafka::Polled polled_;
  Clock::Steady last_commit_;
  Clock::Steady last_confirmation_;         // that the tasks are this member's
  std::optional<Clock::Steady> next_turn_;  // set by pause()
  std::optional<Clock::Steady> leaving_since_;
};

}  // namespace moldau::inline v0::runtime
