#pragma once

#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/state/restore_listener.h"
#include "moldau/streams/config.h"
#include "moldau/streams/environment.h"
#include "moldau/topology/topology.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0 {

// Where an application stands, in the reference's words.
//
//   created → rebalancing ⇄ running → pending_shutdown → not_running
//                  └──────────┴────→ pending_error → error
enum class StreamsState : std::uint8_t {
  created,
  rebalancing,  // joining, moving tasks, restoring state
  running,
  pending_shutdown,
  not_running,
  pending_error,
  error,
};
[[nodiscard]] MOLDAU_EXPORT std::string_view name(StreamsState state) noexcept;

// One instance of an application: runs a topology on Kafka until it is closed. Start as many
// instances with one application id as you like, in one process or many: the group spreads the
// tasks.
//
// All calls from any thread. Nothing of it ever ends the process.
class MOLDAU_EXPORT Streams {
 public:
  // Throws ConfigError with everything that is wrong with `config`.
  Streams(Topology topology, Config config);
  // Runs on the given environment instead of the machine and a real cluster.
  Streams(Topology topology, Config config, const Environment& environment);
  // Closes, waiting as long as it takes.
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  // Told about every change, new state first. Called on the thread that changes the state, outside
  // all locks; must not call close(). Set before start().
  using StateListener = std::function<void(StreamsState now, StreamsState before)>;
  void set_state_listener(StateListener listener);
  // `listener` must outlive this object. Set before start().
  void set_restore_listener(StateRestoreListener* listener);

  // Starts the threads and returns; a listener or state() tells the rest. Once. Throws StreamsError
  // if the state folder cannot be used: locked by another process, not writable.
  void start();

  // Commits, closes the tasks, leaves the group and stops the threads. False if that has not
  // finished within `timeout` (it goes on). Fine to call again, and before start().
  bool close(std::chrono::milliseconds timeout = std::chrono::milliseconds::max());

  // start(), then waits for SIGINT or SIGTERM, then close(). Returns 0, or 1 if the application
  // stopped by itself because of an error; the error is logged. For use in main().
  int run_until_signal();

  [[nodiscard]] StreamsState state() const;
  // Why the state is `error`; empty otherwise.
  [[nodiscard]] std::string error() const;
  [[nodiscard]] const MetricRegistry& metrics() const;

 private:
  class Application;
  std::unique_ptr<Application> application_;
};

}  // namespace moldau::inline v0
