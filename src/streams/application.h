#pragma once

#include "moldau/streams/streams.h"

#include "runtime/global_thread.h"
#include "runtime/state_directory.h"
#include "runtime/stream_thread.h"
#include "runtime/topic_directory.h"
#include "streams/client_state.h"
#include "streams/shared_workers.h"
#include "streams/stream_threads.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace moldau::inline v0 {

// What runs behind a Streams object: threads, the workers they share, and the state they add up to.
class Streams::Application final : private runtime::ThreadObserver,
                                   private runtime::GlobalObserver {
 public:
  // `owned` keeps an environment that nobody else owns; may be null.
  Application(Topology topology, Config config, const Environment& environment,
              std::shared_ptr<void> owned);
  ~Application();

  void set_state_listener(StateListener listener);
  void set_restore_listener(StateRestoreListener* listener);
  void set_standby_listener(StandbyUpdateListener* listener);
  void set_uncaught_exception_handler(UncaughtExceptionHandler handler);
  void start();
  std::optional<std::string> add_thread();
  std::optional<std::string> remove_thread(std::chrono::milliseconds timeout);
  void pause();
  void resume();
  [[nodiscard]] bool paused() const { return paused_.load(); }
  void clean_up();
  void reset_topology(std::chrono::milliseconds timeout);
  bool close(const CloseOptions& options);

  [[nodiscard]] StreamsState state() const { return state_.get(); }
  [[nodiscard]] std::string error() const { return state_.error(); }
  [[nodiscard]] const MetricRegistry& metrics() const { return metrics_; }
  [[nodiscard]] Logger& logger() const { return *config_.logger; }

 private:
  void resolve_patterns();
  void make_global_thread(const kafka::AdminOptions& admin);
  [[nodiscard]] streams::StreamThreads::Thread make_thread(int index);
  [[nodiscard]] std::string client_name() const;
  void forget_surplus_members();
  void warn_about_state_dir() const;
  [[nodiscard]] bool alive() const;
  bool join_all(std::chrono::milliseconds timeout);
  void refuse_while_running(std::string_view call) const;

  // ThreadObserver
  void state_changed(runtime::StreamThread& thread, runtime::ThreadState state) override;
  [[nodiscard]] bool failed(runtime::StreamThread& thread, std::exception_ptr error) override;
  void shutdown_requested(runtime::StreamThread& thread) override;
  [[nodiscard]] UncaughtExceptionResponse response_to(std::exception_ptr error) const;
  void replace_thread(const std::string& message);
  void stop_with_error(const std::string& message);

  // GlobalObserver
  void global_stores_loaded() override;
  void global_thread_failed(std::exception_ptr error) override;

  Topology topology_;
  Config config_;
  std::shared_ptr<void> owned_environment_;  // shared with the Streams object that made it
  Environment environment_;
  MetricRegistry metrics_;
  streams::ClientState state_;
  StateRestoreListener* restore_listener_ = nullptr;
  StandbyUpdateListener* standby_listener_ = nullptr;
  UncaughtExceptionHandler uncaught_exception_handler_;
  std::atomic<bool> paused_{false};

  std::mutex closing_;  // one start(), close(), clean_up() or reset_topology() at a time
  std::unique_ptr<runtime::StateDirectory> directory_;
  std::unique_ptr<runtime::TopicDirectory> topics_;
  runtime::TaskClaims claims_;
  streams::SharedWorkers shared_;  // outlives the stream threads
  streams::StreamThreads threads_;
};

}  // namespace moldau::inline v0
