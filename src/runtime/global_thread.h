#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/clients.h"
#include "moldau/state/restore_listener.h"
#include "moldau/topology/plan.h"

#include "runtime/error_policy.h"
#include "runtime/global_task.h"
#include "runtime/topic_directory.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::runtime {

// Who is told about the global thread. Called on the thread itself.
class GlobalObserver {
 public:
  // Every global store holds what its topic held when the thread started.
  virtual void global_stores_loaded() = 0;
  // The thread stops because of `error`.
  virtual void global_thread_failed(std::exception_ptr error) = 0;

 protected:
  ~GlobalObserver() = default;
};

// Fills the global stores of an application and keeps them up to date: a consumer of its own over
// all partitions, in no group. Stream threads wait until it has loaded the stores once.
//
// A stepper, as StreamThread.
class GlobalThread final : public Worker, public GlobalStores {
 public:
  struct Services {
    kafka::KafkaClients& clients;
    TopicDirectory& topics;
    Clock& clock;
    std::shared_ptr<Logger> logger;  // the application's; shared by all its threads
    state::Storage& storage;
    MetricRegistry& metrics;
    ErrorHandlers handlers;
    std::string dead_letter_topic = {};                      // empty: none
    std::shared_ptr<const topology::TopologyPlan> topology;  // shared with every thread; immutable
    // What the task of the global stores gets besides the above.
    std::string application_id;
    std::filesystem::path state_dir;
    std::map<std::string, std::string, std::less<>> app_configs = {};
    TimestampPolicy timestamp_policy = TimestampPolicy::fail_on_invalid;
    Semantics semantics = Semantics::complete;
    DslStoreFormat store_format = DslStoreFormat::without_headers;
    ProcessorWrapper processor_wrapper = nullptr;
  };
  struct Options {
    std::string name;
    kafka::ConsumerOptions consumer;
    kafka::AdminOptions admin;
    StateRestoreListener* listener = nullptr;  // outlives the thread
    std::chrono::milliseconds commit_interval{30'000};
    std::chrono::milliseconds poll_wait{100};
    std::size_t max_uncommitted_bytes = 64U << 20;
    std::chrono::milliseconds task_timeout{300'000};  // how long one step may go on failing
    std::chrono::milliseconds missing_topics_timeout{10'000};
  };

  GlobalThread(Services services, Options options, GlobalObserver& observer);
  ~GlobalThread() override;

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

  // Commits and ends; the stores can be read until this object is destroyed. Any thread.
  void request_stop();

  // Any thread.
  [[nodiscard]] bool loaded() const noexcept { return loaded_.load(); }
  // REQUIRES: loaded().
  [[nodiscard]] state::StateStore* find(std::string_view name) override;

 private:
  enum class Activity : std::uint8_t { connecting, loading, following, dead };
  struct Load {
    Offset from;
    Offset target;
    std::uint64_t records = 0;
    bool done = false;
  };

  void turn(std::chrono::milliseconds may_block);
  void connect(std::chrono::milliseconds may_block);
  void make_clients();
  [[nodiscard]] std::optional<PartitionCounts> find_topics(std::chrono::milliseconds may_block);
  void make_task(const PartitionCounts& counts);
  [[nodiscard]] bool plan_loads(std::chrono::milliseconds may_block);
  void assign();
  void load(std::chrono::milliseconds may_block);
  void loaded_up_to(std::size_t input, Offset position);
  void follow(std::chrono::milliseconds may_block);
  void poll(std::chrono::milliseconds timeout);
  void check(const kafka::PartitionEvent& event) const;
  void commit(Clock::Steady now);
  [[nodiscard]] std::size_t input_of(const TopicPartition& partition) const;
  void end();
  void keep_trying(std::string_view doing, const Status& status);
  [[nodiscard]] std::string says(std::string_view text) const;
  template <class Call>
  void tell_listener(Call call);

  Services services_;
  Options options_;
  GlobalObserver& observer_;
  ErrorPolicy errors_;
  NoSink sink_;
  GlobalStoreOpener opener_;
  std::unique_ptr<kafka::Admin> admin_;
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<GlobalTask> task_;

  std::atomic<bool> loaded_{false};
  std::atomic<bool> stop_requested_{false};
  std::mutex wake_mutex_;                // guards wakeable_
  kafka::Consumer* wakeable_ = nullptr;  // consumer_ while it exists, for other threads

  Activity activity_ = Activity::connecting;
  std::vector<Load> loads_;  // by input of the task
  kafka::Polled polled_;
  Clock::Steady last_commit_;
  std::optional<Clock::Steady> next_turn_;
  std::optional<Clock::Steady> failing_since_;
  std::optional<Clock::Steady> missing_since_;
};

}  // namespace moldau::inline v0::runtime
