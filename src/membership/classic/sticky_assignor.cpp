#include "membership/classic/sticky_assignor.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace moldau::inline v0::membership::classic {

namespace {

// How well a member would suit a task; the smallest is the best.
struct Rank {
  int state = 0;              // see state_of()
  double process_load = 0;    // tasks per thread
  std::size_t load = 0;       // of the member
  std::size_t same_work = 0;  // tasks of the same sub-topology

  friend auto operator<=>(const Rank&, const Rank&) = default;
};

class StickyAssignor {
 public:
  StickyAssignor(const TasksToAssign& tasks, const Candidates& members)
      : tasks_(tasks), members_(members), order_(tasks.all.begin(), tasks.all.end()) {
    // Partition first: who keeps the first half of its tasks keeps half of each sub-topology.
    std::ranges::sort(order_, {}, [](TaskId id) {
      return std::pair{id.partition, id.subtopology};
    });
    for (const auto& [id, member] : members_) {
      assignments_[id];
      ++processes_[member.process_id].threads;
    }
    share_ = order_.size() / members_.size();
    larger_shares_ = order_.size() % members_.size();
  }

  Assignments run(std::size_t standby_replicas) {
    std::vector<TaskId> homeless;
    for (const TaskId task : order_) {
      if (!keep(task)) homeless.push_back(task);
    }
    for (const TaskId task : homeless) give(task, best_for(task));
    const std::size_t roles = order_.size() + tasks_.with_state.size() * standby_replicas;
    fair_load_ = (roles + members_.size() - 1) / members_.size();
    for (std::size_t replica = 0; replica < standby_replicas; ++replica) place_standbys();
    return std::move(assignments_);
  }

 private:
  struct Process {
    std::size_t threads = 0;
    std::size_t tasks = 0;
  };

  [[nodiscard]] bool has_room(const std::string& member) const {
    const std::size_t load = assignments_.at(member).active.size();
    return load < share_ || (load == share_ && larger_shares_used_ < larger_shares_);
  }

  void give(TaskId task, const std::string& member) {
    kafka::TaskSet& active = assignments_[member].active;
    if (active.size() == share_) ++larger_shares_used_;
    active.insert(task);
    ++processes_[members_.at(member).process_id].tasks;
  }

  bool keep(TaskId task) {
    for (const auto& [id, member] : members_) {
      if (!member.owned.active.contains(task) || !has_room(id)) continue;
      give(task, id);
      return true;
    }
    return false;
  }

  [[nodiscard]] std::string best_for(TaskId task) const {
    std::optional<std::string> best;
    Rank best_rank;
    for (const auto& [id, member] : members_) {
      if (!has_room(id)) continue;
      const kafka::TaskSet& active = assignments_.at(id).active;
      const Process& process = processes_.at(member.process_id);
      const Rank rank{
          .state = state_of(id, task),
          .process_load = static_cast<double>(process.tasks) / static_cast<double>(process.threads),
          .load = active.size(),
          .same_work = static_cast<std::size_t>(
              std::ranges::count(active, task.subtopology, &TaskId::subtopology))};
      if (best && rank >= best_rank) continue;
      best = id;
      best_rank = rank;
    }
    return *best;  // the shares add up to the number of tasks, so there is room somewhere
  }

  // Where the state of a task is: 0: with the member, as a standby; 1: in its process; 2:
  // elsewhere.
  [[nodiscard]] int state_of(const std::string& id, TaskId task) const {
    const Candidate& member = members_.at(id);
    if (member.owned.standby.contains(task)) return 0;
    return process_has(member.process_id, task) ? 1 : 2;
  }

  [[nodiscard]] bool process_has(const std::string& process, TaskId task) const {
    return std::ranges::any_of(members_, [&](const auto& entry) {
      const Candidate& member = entry.second;
      return member.process_id == process &&
             (member.stored.contains(task) || member.owned.standby.contains(task) ||
              member.owned.active.contains(task));
    });
  }

  // One more standby of every task, where there is a process for it: first those that stay.
  void place_standbys() {
    std::vector<TaskId> left;
    for (const TaskId task : order_) {
      if (!tasks_.with_state.contains(task)) continue;
      if (!keep_standby(task)) left.push_back(task);
    }
    // While an owner waits for its process to give a standby up, no copy is added: it might be in
    // the way of the next owner, and so on for ever.
    for (const TaskId task : left) {
      if (!in_the_way(task)) add_standby(task);
    }
  }

  [[nodiscard]] std::set<std::string> processes_with(TaskId task) const {
    std::set<std::string> found;
    for (const auto& [id, tasks] : assignments_) {
      if (tasks.active.contains(task) || tasks.standby.contains(task)) {
        found.insert(members_.at(id).process_id);
      }
    }
    return found;
  }

  [[nodiscard]] std::size_t load(const std::string& member) const {
    const kafka::OwnedTasks& tasks = assignments_.at(member);
    return tasks.active.size() + tasks.standby.size();
  }

  bool keep_standby(TaskId task) {
    const std::set<std::string> taken = processes_with(task);
    for (const auto& [id, member] : members_) {
      if (!member.owned.standby.contains(task) || taken.contains(member.process_id)) continue;
      if (load(id) >= fair_load_) continue;
      assignments_[id].standby.insert(task);
      return true;
    }
    return false;
  }

  // Another member of the process that the task goes to has a standby of it.
  [[nodiscard]] bool in_the_way(TaskId task) const {
    const auto owner = std::ranges::find_if(
        assignments_, [&](const auto& entry) { return entry.second.active.contains(task); });
    return std::ranges::any_of(members_, [&](const auto& entry) {
      return entry.first != owner->first && entry.second.owned.standby.contains(task) &&
             entry.second.process_id == members_.at(owner->first).process_id;
    });
  }

  void add_standby(TaskId task) {
    const std::set<std::string> taken = processes_with(task);
    std::optional<std::string> best;
    std::pair<std::size_t, int> best_rank;
    for (const auto& [id, member] : members_) {
      if (taken.contains(member.process_id)) continue;
      const std::pair<std::size_t, int> rank{load(id), state_of(id, task)};
      if (best && rank >= best_rank) continue;
      best = id;
      best_rank = rank;
    }
    if (best) assignments_[*best].standby.insert(task);
  }

  const TasksToAssign& tasks_;
  const Candidates& members_;
  std::vector<TaskId> order_;
  Assignments assignments_;
  std::map<std::string, Process> processes_;
  std::size_t share_ = 0;
  std::size_t larger_shares_ = 0;  // so many members get one task more
  std::size_t larger_shares_used_ = 0;
  std::size_t fair_load_ = 0;  // who has so many tasks of both kinds keeps no further standby
};

// Whether another role of the task, or another owner of it, stands against it.
bool held_elsewhere(const Candidates& members, const std::string& id, const Candidate& member,
                    TaskId task, bool as_active) {
  return std::ranges::any_of(members, [&](const auto& entry) {
    if (entry.first == id) return false;  // it changes the role itself
    const kafka::OwnedTasks& has = entry.second.owned;
    const bool same_process = entry.second.process_id == member.process_id;
    return (has.active.contains(task) && (as_active || same_process)) ||
           (has.standby.contains(task) && same_process);
  });
}

}  // namespace

Assignments assign_sticky(const TasksToAssign& tasks, const Candidates& members,
                          std::size_t standby_replicas) {
  if (members.empty()) return {};
  return StickyAssignor{tasks, members}.run(standby_replicas);
}

void hold_back_what_is_owned(Assignments& assignments, const Candidates& members) {
  for (auto& [id, tasks] : assignments) {
    const auto found = members.find(id);
    if (found == members.end()) continue;
    std::erase_if(tasks.active, [&](TaskId task) {
      return held_elsewhere(members, found->first, found->second, task, true);
    });
    std::erase_if(tasks.standby, [&](TaskId task) {
      return held_elsewhere(members, found->first, found->second, task, false);
    });
  }
}

}  // namespace moldau::inline v0::membership::classic
