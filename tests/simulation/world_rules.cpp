// What must hold in a world, and when it is looked at.

#include "simulation/rule_broken.h"
#include "simulation/world.h"

#include <algorithm>
#include <utility>

namespace moldau::simulation {

namespace {

constexpr int deepest = 3;

// Plain stores, by the topic that their task reads.
const std::vector<std::pair<std::string, std::string>>& stores_by_input() {
  static const std::vector<std::pair<std::string, std::string>> stores{
      {"events", "event-counts"},
      {"amounts", "running-totals"},
      {std::string{application_id} + "-by-customer-repartition", "order-counts"}};
  return stores;
}

std::string text(const TopicPartition& partition, Offset offset) {
  return to_string(partition) + " at " + std::to_string(offset.value());
}

}  // namespace

void World::reached(Process& process, std::string_view point) {
  if (process.dead()) throw Died{};
  Machine& machine = machine_of(process);
  if (!machine.trap || machine.trap->point != point || failed()) return;
  if (machine.trap->passes-- > 0) return;
  if (!machine.trap->dies && depth_ >= deepest) return;
  const Machine::Trap trap = *std::exchange(machine.trap, std::nullopt);
  const std::string where =
      "machine " + std::to_string(machine.number) + " at " + std::string{point};
  if (trap.dies) {
    ++outcome_.tally.faults[std::string{name(FaultKind::crash_at)}];
    ++outcome_.tally.deaths[std::string{point}];
    note("crash at: " + where);
    machine.start_at = step_ + trap.down;
    process.die();
    throw Died{};
  }
  const FaultKind kind = trap.silent ? FaultKind::pause_at : FaultKind::slow_disk;
  ++outcome_.tally.faults[std::string{name(kind)}];
  ++outcome_.tally.stops[std::string{point}];
  note(std::string{name(kind)} + ": " + where + " for " + std::to_string(trap.stop.count()) +
       " ms");
  if (trap.expelled) {
    for (const std::string& member : process.members()) {
      broker_.expire_member(std::string{application_id}, member);
    }
  }
  Process* const before = running_;
  meanwhile(machine, trap.stop, trap.silent);
  running_ = before;
  if (process.dead()) throw Died{};
}

void World::batch_written(Process& process, const std::string& path,
                          std::span<const state::StorageWrite> writes,
                          const state::StorageMap& rows) {
  static_cast<void>(process);
  if (!changelogs_.knows(path)) return;
  ++outcome_.tally.checked_batches;
  try {
    changelogs_.check_batch(path, writes, rows);
  } catch (const RuleBroken& broken) {
    fail(broken.what());
  }
}

void World::store_destroyed(Process& process, const std::string& path) {
  note("machine " + std::to_string(process.machine()) + " destroys " + path);
  changelogs_.forget(path);
}

void World::joined(Process& process, const kafka::Subscription& subscription) {
  note("machine " + std::to_string(process.machine()) + " joins");
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    for (const std::string& topic : part.source_topics) subtopologies_.emplace(topic, part.id);
    for (const kafka::InternalTopic& topic : part.repartition_source_topics) {
      subtopologies_.emplace(topic.name, part.id);
    }
  }
}

// Who starts to read is the owner, begins where the last owner committed, and has all that was
// committed in its stores. A member that the group has replaced does not know it yet; what it does
// is refused later.
void World::starts_reading(Process& process, std::span<const kafka::PartitionPosition> at,
                           const kafka::MemberSnapshot& as) {
  if (!plan_.workload.exactly_once || failed()) return;
  Machine& machine = machine_of(process);
  for (const kafka::PartitionPosition& position : at) {
    if (!position.offset) continue;
    ++outcome_.tally.restorations;
    {
      kafka::memory::Broker::Turn turn{broker_};
      const kafka::CommittedOffset offset{position.partition, *position.offset, {}};
      const std::string group{application_id};
      if (!turn->groups.group(group).check_commit(as, {&offset, 1})) continue;
      const kafka::memory::GroupOffsets& offsets = turn->groups.offsets(group);
      const auto committed = offsets.committed({&position.partition, 1});
      if (!offsets.pending({&position.partition, 1}) && !committed.empty() &&
          committed.front().next != *position.offset) {
        return fail("machine " + std::to_string(machine.number) + " starts to read " +
                    text(position.partition, *position.offset) + ", committed is " +
                    std::to_string(committed.front().next.value()));
      }
    }
    check_stores_of(machine, position.partition);
  }
}

void World::check_stores_of(Machine& machine, const TopicPartition& input) {
  for (const auto& [topic, store] : stores_by_input()) {
    if (topic != input.topic) continue;
    const std::string end = "_" + std::to_string(input.partition.value()) + "/" + store;
    for (const auto& [path, found] : machine.disk.stores) {
      if (!path.ends_with(end)) continue;
      try {
        changelogs_.check_complete(path, found->rows);
      } catch (const RuleBroken& broken) {
        fail(std::string{broken.what()} + ", although its task begins to process");
      }
    }
  }
}

// Offsets move forwards, and only those of tasks that the member has said it runs.
void World::offsets_taken(Process& process, std::span<const kafka::CommittedOffset> offsets,
                          const kafka::OwnedTasks& acknowledged) {
  const std::string who = "machine " + std::to_string(process.machine());
  ++outcome_.tally.commits;
  note(who + " commits " + std::to_string(offsets.size()) + " offsets");
  kafka::memory::Broker::Turn turn{broker_};
  for (const kafka::CommittedOffset& offset : offsets) {
    const auto part = subtopologies_.find(offset.partition.topic);
    if (part == subtopologies_.end() ||
        !acknowledged.active.contains(TaskId{part->second, offset.partition.partition})) {
      return fail(who + " commits " + text(offset.partition, offset.next) +
                  " of a task that it has not, or has given away");
    }
    const auto before =
        turn->groups.offsets(std::string{application_id}).committed({&offset.partition, 1});
    if (!before.empty() && offset.next < before.front().next) {
      return fail(who + " commits " + text(offset.partition, offset.next) + ", behind " +
                  std::to_string(before.front().next.value()) + " that was committed before");
    }
  }
}

void World::transaction_ended(Process& process, bool committed) {
  static_cast<void>(process);
  if (!committed) ++outcome_.tally.aborts;
}

void World::acknowledged(Process& process, const std::string& member,
                         const kafka::OwnedTasks& owned) {
  std::string tasks;
  for (const TaskId task : owned.active) tasks += " " + to_string(task);
  note("machine " + std::to_string(process.machine()) + " (member " + member.substr(0, 4) + "..." +
       member.substr(member.rfind('-')) + ") runs" + (tasks.empty() ? " nothing" : tasks));
}

std::vector<std::string> World::source_topics() {
  std::vector<std::string> topics;
  for (const auto& [topic, part] : subtopologies_) topics.push_back(topic);
  return topics;
}

// The first input partition that is not committed up to its end; empty if all are.
std::string World::unprocessed() {
  kafka::memory::Broker::Turn turn{broker_};
  if (subtopologies_.empty()) return "nobody has joined";
  for (const std::string& topic : source_topics()) {
    const kafka::memory::Topic* found = turn->topics.find(topic);
    if (found == nullptr) return topic + " does not exist";
    for (std::int32_t i = 0; i < found->partition_count(); ++i) {
      const TopicPartition partition{topic, PartitionId{i}};
      const kafka::memory::PartitionLog& log = found->partitions[static_cast<std::size_t>(i)];
      if (log.start() == log.end()) continue;
      const auto committed =
          turn->groups.offsets(std::string{application_id}).committed({&partition, 1});
      const Offset next = committed.empty() ? Offset{0} : committed.front().next;
      if (next != log.end()) {
        return text(partition, next) + ", its end is " + std::to_string(log.end().value());
      }
    }
  }
  return {};
}

Outputs World::read_outputs() {
  Outputs outputs;
  kafka::memory::Broker::Turn turn{broker_};
  for (const std::string& topic : output_topics(plan_.workload)) {
    for (const kafka::memory::PartitionLog& log : turn->topics.find(topic)->partitions) {
      std::vector<Output>& records = outputs[topic].emplace_back();
      for (const kafka::memory::LogEntry* entry :
           log.read(log.start(), log.entries(), kafka::Isolation::read_committed).records) {
        records.push_back({.key = std::string{entry->key->bytes().text()},
                           .value = entry->value
                                        ? std::optional{std::string{entry->value->bytes().text()}}
                                        : std::nullopt});
      }
    }
  }
  return outputs;
}

void World::check_end() {
  for (const auto& machine : machines_) {
    if (machine->process != nullptr)
      fail("machine " + std::to_string(machine->number) + " could not be closed");
  }
  if (const auto open = kafka::memory::Broker::Turn { broker_ } -> transactions.unfinished();
      !open.empty()) {
    fail("the transaction of " + open.front() + " is open after everybody has closed");
  }
  if (const std::string mistake = find_mistake(plan_.workload, read_outputs()); !mistake.empty()) {
    fail(mistake);
  }
  if (plan_.workload.exactly_once && !failed()) check_stores_at_end();
}

// Of each store one machine has all of it: the one that had the task last.
void World::check_stores_at_end() {
  for (const auto& [topic, store] : stores_by_input()) {
    if (!subtopologies_.contains(topic)) continue;
    for (std::int32_t i = 0; i < plan_.workload.partitions; ++i) {
      const std::string end = "_" + std::to_string(i) + "/" + store;
      bool complete = false;
      for (const auto& machine : machines_) {
        for (const auto& [path, found] : machine->disk.stores) {
          if (!path.ends_with(end) || found->damaged) continue;
          if (!changelogs_.up_to_date(path, found->rows)) continue;
          complete = true;
          try {
            changelogs_.check_complete(path, found->rows);
          } catch (const RuleBroken& broken) {
            fail(broken.what());
          }
        }
      }
      if (!complete)
        fail("no machine has all of store " + store + ", partition " + std::to_string(i));
    }
  }
}

}  // namespace moldau::simulation
