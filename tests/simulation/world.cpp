#include "simulation/world.h"

#include "moldau/base/murmur2.h"

#include "kafka/memory/memory_clients.h"
#include "runtime/fault.h"
#include "simulation/rule_broken.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace moldau::simulation {

namespace {

using namespace std::chrono_literals;

// The last steps of a run, in which nothing goes wrong any more, must be enough for everything.
constexpr std::int64_t steps_to_settle = 20'000;
constexpr std::int64_t steps_to_close = 20'000;
constexpr std::uint64_t other_dice = 0x5eed;

}  // namespace

// Keeps what an application says as events, if they are asked for.
class World::MachineLogger final : public Logger {
 public:
  MachineLogger(World& world, int machine) : world_(world), machine_(machine) {}
  [[nodiscard]] bool enabled(LogLevel level) const noexcept override {
    return world_.keep_events_ && level >= LogLevel::info;
  }
  void log(LogLevel level, std::string_view message) noexcept override {
    if (!enabled(level)) return;
    world_.outcome_.events.push_back("    machine " + std::to_string(machine_) +
                                     " says: " + std::string{message});
  }

 private:
  World& world_;
  int machine_;
};

World::World(const Plan& plan, bool keep_events)
    : plan_(plan),
      keep_events_(keep_events),
      dice_(plan.seed ^ other_dice),
      clock_(beginning),
      broker_(clock_, {.groups = {.session_timeout = 45s, .standby_replicas = plan.standbys},
                       // The plan says when logs are cleaned.
                       .compact_after = std::numeric_limits<std::size_t>::max()}),
      clients_(kafka::memory::make_clients(broker_)),
      memberships_(kafka::memory::make_memberships(broker_)),
      producer_(kafka::memory::Broker::Turn { broker_ } -> transactions.new_producer()),
      topology_(make_topology(plan.workload)),
      changelogs_(broker_, plan.workload.exactly_once ? plain_stores(plan.workload)
                                                      : std::vector<std::string>{}) {
  for (int number = 0; number < plan.machines; ++number) {
    machines_.push_back(std::make_unique<Machine>());
    machines_.back()->number = number;
    machines_.back()->start_at = plan.starts[static_cast<std::size_t>(number)];
  }
  runtime::fault_hook() = [this](std::string_view point) {
    if (running_ != nullptr) reached(*running_, point);
  };
}

World::~World() {
  for (const auto& machine : machines_) {
    if (machine->process != nullptr) machine->process->die();
  }
  for (const auto& machine : machines_) machine->process.reset();
  runtime::fault_hook() = nullptr;
}

Outcome World::run() {
  {
    kafka::memory::Broker::Turn turn{broker_};
    for (const kafka::NewTopic& topic : make_topics(plan_.workload)) {
      if (Status status = turn->topics.create(topic); !status) fail(std::string{status.message()});
    }
  }
  while (step_ < plan_.steps && !failed()) step();
  if (!failed()) calm_down();
  if (!failed()) settle();
  if (!failed()) check_end();
  ++outcome_.tally.runs;
  outcome_.tally.steps += step_;
  outcome_.tally.records += static_cast<std::int64_t>(plan_.workload.inputs.size());
  for (const Part part : plan_.workload.parts) ++outcome_.tally.parts[std::string{name(part)}];
  return std::move(outcome_);
}

void World::step() {
  ++step_;
  while (next_fault_ < plan_.faults.size() && plan_.faults[next_fault_].step <= step_) {
    inject(plan_.faults[next_fault_++]);
  }
  produce();
  deliver_a_marker();
  for (const auto& machine : machines_) {
    if (machine->process == nullptr && !machine->closing && machine->start_at <= step_) {
      start(*machine);
    }
    if (machine->stopped_until && *machine->stopped_until <= clock_.steady()) go_on(*machine);
  }
  if (!failed()) run_a_worker();
  let_time_pass();
}

void World::run_a_worker() {
  std::vector<std::pair<Machine*, Task*>> ready;
  for (const auto& machine : machines_) {
    if (!machine->runs()) continue;
    for (const auto& task : machine->process->workers().tasks()) {
      if (task->busy || task->finished || task->abandoned) continue;
      if (task->next <= clock_.steady()) ready.emplace_back(machine.get(), task.get());
    }
  }
  if (ready.empty()) return;
  const auto& [machine, task] = dice_.one_of(ready);
  mix(static_cast<std::uint64_t>(machine->number) * 16 + task->name.size());
  run(*machine, *task);
}

void World::run(Machine& machine, Task& task) {
  Process& process = *machine.process;
  Process* const before = std::exchange(running_, &process);
  task.busy = true;
  const std::optional<Clock::Steady> next = task.worker->step(0ms);
  task.busy = false;
  running_ = before;
  task.finished = !next;
  if (next) task.next = std::exchange(task.woken, false) ? clock_.steady() : *next;
  if (process.dead()) {
    if (!machine.closing && !process.workers().any_busy()) bury(machine);
    return;
  }
  if (machine.closing) return;
  const StreamsState state = process.streams().state();
  if (state == StreamsState::error || state == StreamsState::pending_error) {
    fail("machine " + std::to_string(machine.number) +
         ": the application stopped by itself: " + process.streams().error());
  }
}

// Quickly while somebody is stopped for long, or nothing would come of it within the run.
void World::let_time_pass() {
  std::chrono::milliseconds by{dice_.between(0, 2)};
  for (const auto& machine : machines_) {
    if (!machine->stopped_until) continue;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        *machine->stopped_until - clock_.steady());
    if (left < 24h) by = std::max(by, left / 40);
  }
  clock_.advance(by);
}

void World::produce() {
  const std::vector<Input>& inputs = plan_.workload.inputs;
  if (next_input_ == inputs.size() || inputs[next_input_].step > step_) return;
  kafka::memory::Broker::Turn turn{broker_};
  for (; next_input_ < inputs.size() && inputs[next_input_].step <= step_; ++next_input_) {
    const Input& input = inputs[next_input_];
    const Result<Offset> offset = turn->topics.append(
        {input.topic, partition_for_key(Bytes{input.key}, plan_.workload.partitions)},
        {.kind = kafka::memory::LogEntry::Kind::record,
         .offset = {},
         .producer = producer_,
         .transactional = false,
         .timestamp = input.time,
         .key = ByteBuffer{Bytes{input.key}},
         .value = ByteBuffer{Bytes{input.value}},
         .headers = {},
         .removable_from = {}},
        turn.wall());
    if (!offset) fail(std::string{offset.error().message()});
  }
  turn.changed();
}

void World::deliver_a_marker() {
  if (markers_held_until_ == 0) return;
  kafka::memory::Broker::Turn turn{broker_};
  if (step_ >= markers_held_until_) {
    markers_held_until_ = 0;
    turn->transactions.hold_markers(false, turn.wall());
  } else if (const std::size_t count = turn->transactions.pending_markers().size();
             count > 0 && dice_.one_in(8)) {
    turn->transactions.deliver_marker(dice_.next() % count, turn.wall());
  }
  turn.changed();
}

bool World::between_steps(const Machine& machine) const {
  return machine.alive() && !machine.closing && machine.interrupted == 0 &&
         !machine.process->workers().any_busy();
}

void World::start(Machine& machine) {
  if (machine.away > 0ms) jump(std::exchange(machine.away, 0ms));
  note("machine " + std::to_string(machine.number) + " starts");
  ++machine.starts;
  const std::uint64_t seed =
      plan_.seed * 1000 + static_cast<std::uint64_t>(machine.number * 100 + machine.starts);
  machine.process = std::make_unique<Process>(
      machine.number, machine.disk,
      Surroundings{
          .clients = *clients_, .memberships = *memberships_, .clock = clock_, .watch = *this},
      seed, [this](Process& process, const Task& task) { wait_for(process, task); });
  Config config = make_config(plan_.workload);
  config.logger = std::make_shared<MachineLogger>(*this, machine.number);
  machine.process->start(topology_, std::move(config));
}

void World::close(Machine& machine) {
  note("machine " + std::to_string(machine.number) + " closes");
  machine.closing = true;
  machine.process->close();
  machine.closing = false;
  if (!machine.process->dead() && machine.process->open_clients() != 0) {
    fail("machine " + std::to_string(machine.number) + ": " +
         std::to_string(machine.process->open_clients()) + " clients are open after close()");
  }
  bury(machine);
}

void World::kill(Machine& machine, std::int64_t down) {
  machine.process->die();
  machine.start_at = step_ + down;
  bury(machine);
}

// Nothing of the process runs any more: what it leaves behind is on its disk and at the broker.
void World::bury(Machine& machine) {
  note("machine " + std::to_string(machine.number) +
       (machine.process->dead() ? " has died" : " has closed"));
  set_silent(machine, false);
  machine.process.reset();
  machine.stopped_until.reset();
  machine.trap.reset();
}

void World::set_silent(const Machine& machine, bool silent) {
  for (const std::string& member : machine.process->members()) broker_.set_silent(member, silent);
}

void World::stop(Machine& machine, std::chrono::milliseconds time) {
  machine.stopped_until = clock_.steady() + time;
  set_silent(machine, true);
}

void World::go_on(Machine& machine) {
  note("machine " + std::to_string(machine.number) + " goes on");
  machine.stopped_until.reset();
  if (machine.process != nullptr) set_silent(machine, false);
}

void World::meanwhile(Machine& machine, std::chrono::milliseconds time, bool silent) {
  ++depth_;
  ++machine.interrupted;
  if (silent) stop(machine, std::chrono::hours{24 * 365});
  const std::int64_t steps = dice_.between(10, 120);
  for (std::int64_t i = 0; i < steps && !failed(); ++i) {
    step();
    clock_.advance(time / steps);
  }
  if (silent) go_on(machine);
  --machine.interrupted;
  --depth_;
}

void World::wait_for(Process& process, const Task& task) {
  if (process.dead()) {
    // Its threads run no further; the restorer only gives back what it holds.
    if (task.name.find("StreamThread") != std::string::npos) return;
    for (int i = 0; i < 100 && !task.busy; ++i) {
      if (!task.worker->step(0ms)) return;
    }
    return;
  }
  const std::int64_t last = step_ + steps_to_close;
  while (!task.finished && !process.dead() && !failed()) {
    if (step_ >= last) fail("close() does not end: waiting for " + task.name);
    step();
  }
  if (!task.finished) process.die();
}

void World::calm_down() {
  note("from now on nothing goes wrong");
  next_fault_ = plan_.faults.size();
  {
    kafka::memory::Broker::Turn turn{broker_};
    turn->faults.clear();
    turn->transactions.hold_markers(false, turn.wall());
  }
  markers_held_until_ = 0;
  for (const auto& machine : machines_) {
    machine->trap.reset();
    machine->start_at = 0;
    if (machine->stopped_until) go_on(*machine);
  }
  step_ = std::max(step_, plan_.steps);
  clock_.advance(46s);  // whoever is not there any more has left the group
}

void World::settle() {
  const std::int64_t last = step_ + steps_to_settle;
  while (!failed() && step_ < last) {
    for (int i = 0; i < 20 && !failed(); ++i) step();
    if (unprocessed().empty() && next_input_ == plan_.workload.inputs.size() && at_rest()) break;
  }
  if (const std::string rest = unprocessed(); !failed() && !rest.empty()) {
    fail("no progress although nothing goes wrong any more: " + rest);
  }
  for (const auto& machine : machines_) {
    if (!failed() && between_steps(*machine)) {
      close(*machine);
      machine->start_at = std::numeric_limits<std::int64_t>::max();
      for (int i = 0; i < steps_to_close && !failed() && !at_rest(); ++i) step();
    }
  }
}

// Every task has an owner, and no store is being restored: one of a machine that got a new disk may
// have been the only one that was complete.
bool World::at_rest() const {
  std::size_t owned = 0;
  bool anybody = false;
  for (const auto& machine : machines_) {
    if (machine->process == nullptr || machine->process->dead()) continue;
    if (machine->process->streams().state() != StreamsState::running) return false;
    anybody = true;
    owned += machine->process->active_tasks();
  }
  std::set<SubtopologyId> parts;
  for (const auto& [topic, part] : subtopologies_) parts.insert(part);
  return !anybody || owned == parts.size() * static_cast<std::size_t>(plan_.workload.partitions);
}

Machine& World::machine_of(const Process& process) {
  return *machines_[static_cast<std::size_t>(process.machine())];
}

void World::note(const std::string& event) {
  for (const char c : event) mix(static_cast<unsigned char>(c));
  if (!keep_events_) return;
  outcome_.events.push_back("step " + std::to_string(step_) + ", " +
                            std::to_string(clock_.passed().count()) + " ms: " + event);
}

void World::mix(std::uint64_t number) noexcept {
  outcome_.digest = (outcome_.digest ^ number) * 0x100000001b3ULL;
}

void World::fail(const std::string& problem) {
  if (failed()) return;
  note("RULE BROKEN: " + problem);
  outcome_.problem = problem;
}

}  // namespace moldau::simulation
