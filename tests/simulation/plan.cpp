#include "simulation/plan.h"

#include <algorithm>
#include <array>

namespace moldau::simulation {

namespace {

using namespace std::chrono_literals;

constexpr std::array kind_names{"crash",          "crash at",    "pause",        "pause at",
                                "slow disk",      "close",       "replace disk", "damage store",
                                "expel",          "fence",       "late markers", "refuse",
                                "abort wanted",   "lose client", "lose answer",  "compact",
                                "delete records", "clock jump",  "wall jump"};
static_assert(kind_names.size() == fault_kinds);

bool needs_transactions(FaultKind kind) {
  return kind == FaultKind::fence || kind == FaultKind::abort_wanted ||
         kind == FaultKind::late_markers;
}

FaultKind random_kind(Dice& dice, const Workload& workload) {
  for (;;) {
    // Processes that die or stop in the middle of something are what this is about.
    if (dice.one_in(4)) return FaultKind::crash_at;
    if (dice.one_in(5)) return FaultKind::pause_at;
    const auto kind = static_cast<FaultKind>(dice.between(0, fault_kinds - 1));
    if (workload.exactly_once || !needs_transactions(kind)) return kind;
  }
}

std::chrono::milliseconds random_time(Dice& dice, FaultKind kind, const Workload& workload) {
  switch (kind) {
    case FaultKind::pause:
    case FaultKind::pause_at: {
      // Short, longer than a transaction may take, longer than a session.
      constexpr std::array times{200ms, 3000ms, 12'000ms, 50'000ms, 90'000ms};
      return dice.one_of(times);
    }
    case FaultKind::slow_disk: {
      constexpr std::array times{100ms, 2000ms, 15'000ms};
      return dice.one_of(times);
    }
    case FaultKind::clock_jump: {
      constexpr std::array<std::chrono::milliseconds, 4> times{11s, 50s, 10min, 26h};
      const std::chrono::milliseconds time = dice.one_of(times);
      return workload.timeless() ? time : std::min<std::chrono::milliseconds>(time, 10min);
    }
    case FaultKind::wall_jump:
      return dice.one_in(2) ? 1h : -1h;
    case FaultKind::late_markers:
      return std::chrono::milliseconds{dice.between(20, 300)};  // steps
    default:
      return 0ms;
  }
}

}  // namespace

std::string_view name(FaultKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

const std::vector<std::string>& crash_points(bool exactly_once) {
  static const std::vector<std::string> in_transactions{
      "send",          "commit.after_flush",    "commit.after_add_offsets",
      "end_txn",       "commit.after_end_txn",  "batch",
      "batch_written", "commit.between_stores", "commit.after_stores"};
  static const std::vector<std::string> without{
      "send",          "commit.after_flush",  "batch",
      "batch_written", "commit.after_stores", "commit.after_offsets"};
  return exactly_once ? in_transactions : without;
}

std::string text(const Fault& fault) {
  std::string words = "step " + std::to_string(fault.step) + ": " + std::string{name(fault.kind)} +
                      ", machine " + std::to_string(fault.machine);
  if (!fault.point.empty()) words += ", at " + fault.point;
  return words + ", choice " + std::to_string(fault.choice) + ", times " +
         std::to_string(fault.times) + ", time " + std::to_string(fault.time.count()) + ", down " +
         std::to_string(fault.down);
}

Plan make_plan(std::uint64_t seed) {
  Dice dice{seed};
  Plan plan;
  plan.seed = seed;
  plan.machines = static_cast<int>(dice.between(2, 3));
  plan.steps = dice.between(600, 1200);
  plan.workload = make_workload(dice, plan.steps - 100);
  for (int machine = 0; machine < plan.machines; ++machine) {
    plan.starts.push_back(machine == 0 ? 0 : dice.between(0, plan.steps / 3));
  }
  const std::int64_t faults = dice.between(3, 14);
  for (std::int64_t i = 0; i < faults; ++i) {
    Fault fault;
    fault.step = dice.between(20, plan.steps);
    fault.kind = random_kind(dice, plan.workload);
    fault.machine = static_cast<int>(dice.between(0, plan.machines - 1));
    if (fault.kind == FaultKind::crash_at || fault.kind == FaultKind::pause_at) {
      fault.point = dice.one_of(crash_points(plan.workload.exactly_once));
    }
    fault.choice = dice.between(0, 1'000'000);
    fault.times = dice.between(1, 4);
    fault.time = random_time(dice, fault.kind, plan.workload);
    fault.down = dice.one_in(4) ? dice.between(200, 500) : dice.between(1, 60);
    plan.faults.push_back(std::move(fault));
  }
  std::ranges::stable_sort(plan.faults, {}, &Fault::step);
  plan.standbys = dice.one_in(3) ? 1 : 0;
  return plan;
}

}  // namespace moldau::simulation
