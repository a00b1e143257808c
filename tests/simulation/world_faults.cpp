// What goes wrong in a world.

#include "simulation/world.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace moldau::simulation {

namespace {

using namespace std::chrono_literals;
using kafka::memory::Call;

const std::string& one_of(const std::set<std::string>& names, std::int64_t choice) {
  return *std::next(names.begin(), choice % std::ssize(names));
}

template <std::size_t n>
Call one_of(const std::array<Call, n>& calls, std::int64_t choice) {
  return calls[static_cast<std::size_t>(choice) % n];
}

}  // namespace

void World::injected(const Fault& fault, const std::string& how) {
  ++outcome_.tally.faults[std::string{name(fault.kind)}];
  note(std::string{name(fault.kind)} + (how.empty() ? "" : ": " + how));
}

void World::inject(const Fault& fault) {
  Machine& machine = *machines_[static_cast<std::size_t>(fault.machine)];
  const std::string where = "machine " + std::to_string(machine.number);
  switch (fault.kind) {
    case FaultKind::crash:
    case FaultKind::replace_disk:
    case FaultKind::damage_store:
      if (!between_steps(machine)) return;
      injected(fault, where);
      ++outcome_.tally.deaths["between steps"];
      kill(machine, fault.down);
      if (fault.kind == FaultKind::replace_disk) {
        changelogs_.forget_below(std::string{"/machine-"} + std::to_string(machine.number));
        machine.disk.wipe();
      } else if (fault.kind == FaultKind::damage_store && !machine.disk.stores.empty()) {
        std::next(machine.disk.stores.begin(), fault.choice % std::ssize(machine.disk.stores))
            ->second->damaged = true;
      }
      return;
    case FaultKind::crash_at:
    case FaultKind::pause_at:
    case FaultKind::slow_disk:
      return set_trap(machine, fault);
    case FaultKind::pause:
      if (!between_steps(machine) || machine.stopped_until) return;
      injected(fault, where + " for " + std::to_string(fault.time.count()) + " ms");
      return stop(machine, fault.time);
    case FaultKind::close:
      if (!between_steps(machine) || machine.stopped_until || depth_ >= 2) return;
      injected(fault, where);
      machine.start_at = step_ + fault.down;
      close(machine);
      machine.start_at = step_ + fault.down;
      return;
    case FaultKind::expel:
      if (!machine.alive() || machine.process->members().empty()) return;
      injected(fault, where);
      return broker_.expire_member(std::string{application_id},
                                   one_of(machine.process->members(), fault.choice));
    case FaultKind::fence: {
      if (!machine.alive() || machine.process->transactional_ids().empty()) return;
      injected(fault, where);
      kafka::memory::Broker::Turn turn{broker_};
      return turn->transactions.fence(one_of(machine.process->transactional_ids(), fault.choice),
                                      turn.wall());
    }
    case FaultKind::refuse:
    case FaultKind::abort_wanted:
    case FaultKind::lose_client:
    case FaultKind::lose_answer:
      return inject_into_calls(fault);
    case FaultKind::late_markers:
    case FaultKind::compact:
    case FaultKind::delete_records:
      return inject_into_logs(fault);
    case FaultKind::clock_jump:
      injected(fault, std::to_string(fault.time.count()) + " ms");
      if (fault.time < 24h || !between_steps(machine)) return jump(fault.time);
      // The others go on for a while before the day passes: what the machine has is old then.
      ++outcome_.tally.deaths["between steps"];
      machine.away = fault.time;
      return kill(machine, fault.down + 150);
    case FaultKind::wall_jump:
      injected(fault, std::to_string(fault.time.count()) + " ms");
      return clock_.set_wall_apart(fault.time);
  }
}

void World::set_trap(Machine& machine, const Fault& fault) {
  if (!machine.alive()) return;
  machine.trap =
      Machine::Trap{.point = fault.kind == FaultKind::slow_disk ? "batch" : fault.point,
                    .passes = fault.times - 1,
                    .dies = fault.kind == FaultKind::crash_at,
                    .silent = fault.kind == FaultKind::pause_at,
                    .expelled = fault.kind == FaultKind::pause_at && fault.choice % 3 == 0,
                    .stop = fault.time,
                    .down = fault.down};
}

void World::inject_into_calls(const Fault& fault) {
  constexpr std::array refusable{Call::fetch,
                                 Call::committed_offsets,
                                 Call::produce,
                                 Call::add_offsets,
                                 Call::init_transactions,
                                 Call::end_transaction,
                                 Call::admin,
                                 Call::join,
                                 Call::heartbeat,
                                 Call::leave,
                                 Call::commit_offsets};
  constexpr std::array losable{Call::init_transactions, Call::add_offsets, Call::end_transaction,
                               Call::end_transaction,   Call::admin,       Call::join,
                               Call::commit_offsets,    Call::leave};
  constexpr std::array of_clients{Call::produce, Call::init_transactions, Call::add_offsets,
                                  Call::end_transaction};
  injected(fault, "call " + std::to_string(fault.choice % 8));
  kafka::memory::Broker::Turn turn{broker_};
  const auto times = static_cast<std::size_t>(fault.times);
  switch (fault.kind) {
    case FaultKind::refuse:
      return turn->faults.refuse_next(one_of(refusable, fault.choice),
                                      Status::retriable(ErrorCode::not_ready, "not now"), times);
    case FaultKind::abort_wanted:
      return turn->faults.refuse_next(
          // Nobody is told to abort what has been committed: not after such an answer got lost.
          fault.choice % 2 == 0 || end_answer_lost_ ? Call::add_offsets : Call::end_transaction,
          Status{ErrorCode::other, "abort, please", Status::Kind{.requires_abort = true}});
    case FaultKind::lose_client:
      return turn->faults.refuse_next(
          plan_.workload.exactly_once ? one_of(of_clients, fault.choice) : Call::produce,
          Status{ErrorCode::other, "out of sequence", Status::Kind{.fatal = true}});
    default: {
      const Call call = one_of(losable, fault.choice);
      end_answer_lost_ = end_answer_lost_ || call == Call::end_transaction;
      if (fault.choice / std::ssize(losable) % 2 == 0) {
        turn->faults.drop_next_answer(Call::committed_offsets, times);
      }
      return turn->faults.drop_next_answer(call, times);
    }
  }
}

void World::inject_into_logs(const Fault& fault) {
  injected(fault);
  if (fault.kind == FaultKind::compact) return compact();
  if (fault.kind == FaultKind::delete_records) return delete_committed_inputs();
  markers_held_until_ = step_ + fault.time.count();
  kafka::memory::Broker::Turn turn{broker_};
  turn->transactions.hold_markers(true, turn.wall());
}

// A day is long enough for the broker to clean its logs at its beginning and at its end.
void World::jump(std::chrono::milliseconds by) {
  if (by >= 24h) compact();
  clock_.advance(by);
  if (by >= 24h) compact();
}

void World::compact() {
  changelogs_.read();
  changelogs_.compacted();
  kafka::memory::Broker::Turn turn{broker_};
  for (const std::string& name : turn->topics.names()) {
    if (name.ends_with("-changelog")) turn->topics.clean(*turn->topics.find(name), turn.wall());
  }
}

void World::delete_committed_inputs() {
  kafka::memory::Broker::Turn turn{broker_};
  std::vector<TopicPartition> partitions;
  for (const kafka::NewTopic& topic : make_topics(plan_.workload)) {
    for (std::int32_t i = 0; i < topic.partitions; ++i) {
      partitions.push_back({topic.name, PartitionId{i}});
    }
  }
  for (const kafka::CommittedOffset& offset :
       turn->groups.offsets(std::string{application_id}).committed(partitions)) {
    kafka::memory::PartitionLog& log = *turn->topics.find(offset.partition);
    log.delete_before(std::min(offset.next, log.end()));
  }
}

}  // namespace moldau::simulation
