#pragma once

#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/state/restore_listener.h"
#include "moldau/state/standby_listener.h"
#include "moldau/streams/config.h"
#include "moldau/streams/environment.h"
#include "moldau/topology/topology.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
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

// What becomes of an application one of whose threads cannot go on.
enum class UncaughtExceptionResponse : std::uint8_t {
  replace_thread,        // another thread takes its place; the tasks go on from their last commit
  shutdown_client,       // this instance stops, with state `error`
  shutdown_application,  // so does every other instance of the application
};

// What becomes of the tasks of an instance that is closed.
enum class GroupOperation : std::uint8_t {
  // The group gives them to the other instances at once.
  leave,
  // In a classic group they wait, not processed, for this instance to start again on its state.dir:
  // for a restart that is quicker than moving tasks there and back. If it has not come back by the
  // end of its session (`session.timeout.ms`) they move. A streams group is left all the same.
  remain,
};

struct CloseOptions {
  std::chrono::milliseconds timeout = std::chrono::milliseconds::max();
  GroupOperation group = GroupOperation::leave;
};

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
  // all locks; must not call close(). An exception is only logged. Set before start().
  using StateListener = std::function<void(StreamsState now, StreamsState before)>;
  void set_state_listener(StateListener listener);
  // `listener` must outlive this object. Set before start().
  void set_restore_listener(StateRestoreListener* listener);
  void set_standby_listener(StandbyUpdateListener* listener);

  // Asked on a stream thread that stops because of an error: what its user code, a handler or a
  // broker has thrown. Without one, or if it throws: shutdown_client. A failure of the global
  // stores is not survived: replace_thread means shutdown_client there. Must not call into this
  // object. Set before start().
  using UncaughtExceptionHandler = std::function<UncaughtExceptionResponse(std::exception_ptr)>;
  void set_uncaught_exception_handler(UncaughtExceptionHandler handler);

  // Starts the threads and returns; a listener or state() tells the rest. Once. Throws StreamsError
  // if the state folder cannot be used: locked by another process, not writable.
  void start();

  // Commits, closes the tasks, leaves the group and stops the threads. False if that has not
  // finished within `timeout` (it goes on). Fine to call again, and before start().
  bool close(std::chrono::milliseconds timeout = std::chrono::milliseconds::max());
  bool close(const CloseOptions& options);

  // Starts one more stream thread and returns its name; nullopt, and nothing happens, unless the
  // state is `rebalancing` or `running`. All threads share `statestore.cache.max.bytes` anew. The
  // number of threads of the next start() is what the configuration says.
  std::optional<std::string> add_stream_thread();
  // Stops one stream thread, which commits, gives up its tasks and leaves the group, and returns
  // its name; nullopt, and nothing happens, if there is none or the state is not `rebalancing` or
  // `running`. Throws StreamsError if it has not stopped within `timeout` (it goes on stopping).
  // Not on a stream thread.
  std::optional<std::string> remove_stream_thread(
      std::chrono::milliseconds timeout = std::chrono::milliseconds::max());

  // From now until resume(), no record is processed, nothing punctuated and no standby updated;
  // records in work are finished. Polls (up to `buffered.records.per.partition`), commits,
  // membership, and the restoring of stores go on. Of this instance only, and forgotten with it.
  // Allowed before start().
  void pause();
  void resume();
  [[nodiscard]] bool paused() const;

  // Deletes the local state of the application: its stores are read from their changelogs at the
  // next start. Before start() or after close() only, otherwise, or if another process uses the
  // folder, throws StreamsError.
  void clean_up();

  // To be called once after the topology was changed, before any instance with the new one starts:
  // the brokers keep the topology that a streams group was started with, even when all instances
  // have stopped, and refuse members with another one. This makes them forget it; committed
  // offsets, topics and local state stay. Before start() or after close() only, and with no
  // instance of the application running anywhere, otherwise, or if the brokers do not answer within
  // `timeout`, throws StreamsError. Nothing happens for a group of the classic protocol, which
  // keeps no topology.
  void reset_topology(std::chrono::milliseconds timeout = std::chrono::seconds{30});

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
