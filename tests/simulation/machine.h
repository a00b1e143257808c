#pragma once

#include "moldau/base/clock.h"

#include "simulation/disk.h"
#include "simulation/process.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace moldau::simulation {

// A machine on which instances of the application run, one after the other.
struct Machine {
  // What is to happen when the process comes to a point the next times.
  struct Trap {
    std::string point;
    std::int64_t passes = 0;  // before it happens
    bool dies = false;
    bool silent = true;     // no heartbeats while it is stopped
    bool expelled = false;  // and the group takes it for dead at once
    std::chrono::milliseconds stop{0};
    std::int64_t down = 0;
  };

  int number = 0;
  Disk disk;
  std::unique_ptr<Process> process;  // nullptr: nothing runs
  std::int64_t start_at = 0;         // the step, if nothing runs
  std::int64_t starts = 0;
  std::chrono::milliseconds away{0};  // that long, by all clocks, until it starts again
  std::optional<Clock::Steady> stopped_until;
  int interrupted = 0;  // steps of it that stopped in the middle and wait for their end
  bool closing = false;
  std::optional<Trap> trap;

  [[nodiscard]] bool alive() const noexcept { return process != nullptr && !process->dead(); }
  [[nodiscard]] bool runs() const noexcept { return alive() && !stopped_until; }
};

}  // namespace moldau::simulation
