#pragma once

#include "simulation/workload.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::simulation {

enum class FaultKind : std::uint8_t {
  crash,           // the process dies between two steps of its threads
  crash_at,        // the process dies at the next time that it comes to a point
  pause,           // the process stops for a while, heartbeats included
  pause_at,        // the same at a point
  slow_disk,       // the next batch takes long; heartbeats go on
  close,           // the application is closed in order and started again
  replace_disk,    // the process dies and its state folder is gone
  damage_store,    // the process dies and one of its stores is damaged
  expel,           // the group ends the session of a living member
  fence,           // another producer takes a transactional id and goes away again
  late_markers,    // decisions reach the partitions one by one, much later
  refuse,          // the next calls of a kind are refused for now
  abort_wanted,    // a transaction is refused for good
  lose_client,     // a producer is told that it is of no more use
  lose_answer,     // a call takes effect, its answer is lost
  compact,         // the broker compacts all changelogs
  delete_records,  // the broker deletes input records that have been committed
  clock_jump,      // both clocks
  wall_jump,       // the machine's time is set
};
[[nodiscard]] std::string_view name(FaultKind kind);
inline constexpr int fault_kinds = 19;

// Where a process can be stopped in the middle of a step: the points of the library (MOLDAU_FAULT),
// the clients' calls `send` and `end_txn` (taken by the broker, not answered), and
// `batch`, `batch_written` of a store.
[[nodiscard]] const std::vector<std::string>& crash_points(bool exactly_once);

struct Fault {
  std::int64_t step = 0;
  FaultKind kind = FaultKind::crash;
  int machine = 0;
  std::string point = {};   // of crash_at, pause_at
  std::int64_t choice = 0;  // which call, store ...
  std::int64_t times = 1;   // how many calls, or how often the point is passed before
  std::chrono::milliseconds time{0};
  std::int64_t down = 0;  // steps until a dead process is started again
};
[[nodiscard]] std::string text(const Fault& fault);

// All that a seed says. What happens then is up to the seed again, and to the code.
struct Plan {
  std::uint64_t seed = 0;
  int machines = 2;
  std::int64_t steps = 0;            // while faults are injected
  std::vector<std::int64_t> starts;  // when each machine is started for the first time
  Workload workload;
  std::vector<Fault> faults;  // by step
  std::size_t standbys = 0;   // copies of each store that the group keeps
};
[[nodiscard]] Plan make_plan(std::uint64_t seed);

}  // namespace moldau::simulation
