#pragma once

#include "kafka/memory/broker.h"
#include "simulation/changelogs.h"
#include "simulation/dice.h"
#include "simulation/machine.h"
#include "simulation/plan.h"
#include "simulation/process_watch.h"
#include "simulation/simulated_clock.h"
#include "simulation/tally.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace moldau::simulation {

// How a run ended.
struct Outcome {
  std::string problem;  // empty: every rule held
  Tally tally;
  std::uint64_t digest = 0;         // of everything that happened, step by step
  std::vector<std::string> events;  // only if they were asked for
};

// A broker, some machines with instances of one application on them, and all that a plan has happen
// to them, on one thread. Each step of the world is a step of one thread of one process, picked by
// the dice.
class World final : private ProcessWatch {
 public:
  World(const Plan& plan, bool keep_events);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Once.
  Outcome run();

 private:
  class MachineLogger;
  using Task = SimulatedWorkers::Task;

  // One step of the world.
  void step();
  void run_a_worker();
  void run(Machine& machine, Task& task);
  void let_time_pass();
  void produce();
  void deliver_a_marker();

  // The fault that is due.
  void inject(const Fault& fault);
  void inject_into_calls(const Fault& fault);
  void inject_into_logs(const Fault& fault);
  void jump(std::chrono::milliseconds by);
  void compact();
  void delete_committed_inputs();
  void set_trap(Machine& machine, const Fault& fault);
  void injected(const Fault& fault, const std::string& how = {});

  // Life and death of processes.
  void start(Machine& machine);
  void close(Machine& machine);
  void kill(Machine& machine, std::int64_t down);
  void bury(Machine& machine);
  void stop(Machine& machine, std::chrono::milliseconds time);
  void go_on(Machine& machine);
  void set_silent(const Machine& machine, bool silent);
  // The process is in the middle of a step for so long; the others go on.
  void meanwhile(Machine& machine, std::chrono::milliseconds time, bool silent);
  void wait_for(Process& process, const Task& task);
  [[nodiscard]] bool between_steps(const Machine& machine) const;

  // The end of a run.
  void calm_down();
  void settle();
  [[nodiscard]] std::string unprocessed();
  [[nodiscard]] bool at_rest() const;
  void check_end();
  void check_stores_at_end();
  [[nodiscard]] Outputs read_outputs();

  // ProcessWatch
  void reached(Process& process, std::string_view point) override;
  void batch_written(Process& process, const std::string& path,
                     std::span<const state::StorageWrite> writes,
                     const state::StorageMap& rows) override;
  void store_destroyed(Process& process, const std::string& path) override;
  void joined(Process& process, const kafka::Subscription& subscription) override;
  void starts_reading(Process& process, std::span<const kafka::PartitionPosition> at,
                      const kafka::MemberSnapshot& as) override;
  void offsets_taken(Process& process, std::span<const kafka::CommittedOffset> offsets,
                     const kafka::OwnedTasks& acknowledged) override;
  void transaction_ended(Process& process, bool committed) override;
  void acknowledged(Process& process, const std::string& member,
                    const kafka::OwnedTasks& owned) override;
  void check_stores_of(Machine& machine, const TopicPartition& input);

  [[nodiscard]] Machine& machine_of(const Process& process);
  [[nodiscard]] std::vector<std::string> source_topics();
  void note(const std::string& event);
  void mix(std::uint64_t number) noexcept;
  void fail(const std::string& problem);
  [[nodiscard]] bool failed() const noexcept { return !outcome_.problem.empty(); }

  const Plan& plan_;
  bool keep_events_;
  Dice dice_;
  SimulatedClock clock_;
  kafka::memory::Broker broker_;
  std::unique_ptr<kafka::KafkaClients> clients_;
  std::unique_ptr<kafka::Memberships> memberships_;
  kafka::memory::ProducerIdentity producer_;
  Topology topology_;
  Changelogs changelogs_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::map<std::string, SubtopologyId, std::less<>> subtopologies_;  // by source topic

  std::int64_t step_ = 0;
  std::size_t next_fault_ = 0;
  std::size_t next_input_ = 0;
  std::int64_t markers_held_until_ = 0;
  bool end_answer_lost_ = false;
  int depth_ = 0;  // of steps within steps
  Process* running_ = nullptr;
  Outcome outcome_;
};

}  // namespace moldau::simulation
