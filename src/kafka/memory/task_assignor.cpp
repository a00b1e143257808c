#include "kafka/memory/task_assignor.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {

namespace {

class Assignor {
 public:
  Assignor(const AssignorTasks& tasks, const std::map<std::string, AssignorMember>& members)
      : tasks_(tasks), members_(members), order_(tasks.all.begin(), tasks.all.end()) {
    // Partition first: a member that keeps the first half of its tasks keeps half of each
    // sub-topology.
    std::ranges::sort(order_, {}, [](TaskId id) {
      return std::pair{id.partition, id.subtopology};
    });
    for (const auto& [id, member] : members_) assignment_[id];
    share_ = tasks.all.size() / members.size();
    larger_shares_ = tasks.all.size() % members.size();
  }

  Assignment run(std::size_t standby_replicas) {
    std::vector<TaskId> homeless;
    for (const TaskId task : order_) {
      if (!give_to_previous(task)) homeless.push_back(task);
    }
    for (const TaskId task : homeless) give(task, choose(task));
    for (std::size_t i = 0; i < standby_replicas; ++i) {
      for (const TaskId task : order_) {
        if (tasks_.with_state.contains(task)) add_standby(task);
      }
    }
    return std::move(assignment_);
  }

 private:
  [[nodiscard]] bool has_room(const std::string& member) const {
    const std::size_t load = assignment_.at(member).active.size();
    return load < share_ || (load == share_ && larger_shares_used_ < larger_shares_);
  }

  void give(TaskId task, const std::string& member) {
    TaskSet& active = assignment_[member].active;
    if (active.size() == share_) ++larger_shares_used_;
    active.insert(task);
  }

  bool give_to_previous(TaskId task) {
    for (const auto& [id, member] : members_) {
      if (!member.previous.active.contains(task) || !has_room(id)) continue;
      give(task, id);
      return true;
    }
    return false;
  }

  // A member whose process has the task's state already, else the one with the least to do.
  [[nodiscard]] std::string choose(TaskId task) const {
    std::optional<std::string> best;
    std::pair<bool, std::size_t> best_rank;
    for (const auto& [id, member] : members_) {
      if (!has_room(id)) continue;
      const std::pair<bool, std::size_t> rank{!process_had(member.process_id, task),
                                              assignment_.at(id).active.size()};
      if (best && rank >= best_rank) continue;
      best = id;
      best_rank = rank;
    }
    return *best;  // the shares add up to the number of tasks, so there is room somewhere
  }

  [[nodiscard]] bool process_had(const std::string& process, TaskId task) const {
    return std::ranges::any_of(members_, [&](const auto& entry) {
      return entry.second.process_id == process && (entry.second.previous.standby.contains(task) ||
                                                    entry.second.previous.active.contains(task));
    });
  }

  void add_standby(TaskId task) {
    std::set<std::string> taken;  // processes that hold a role of this task
    for (const auto& [id, tasks] : assignment_) {
      if (tasks.active.contains(task) || tasks.standby.contains(task)) {
        taken.insert(members_.at(id).process_id);
      }
    }
    std::optional<std::string> best;
    std::pair<bool, std::size_t> best_rank;
    for (const auto& [id, member] : members_) {
      if (taken.contains(member.process_id)) continue;
      const OwnedTasks& now = assignment_.at(id);
      const std::pair<bool, std::size_t> rank{!member.previous.standby.contains(task),
                                              now.active.size() + now.standby.size()};
      if (best && rank >= best_rank) continue;
      best = id;
      best_rank = rank;
    }
    if (best) assignment_[*best].standby.insert(task);
  }

  const AssignorTasks& tasks_;
  const std::map<std::string, AssignorMember>& members_;
  std::vector<TaskId> order_;
  Assignment assignment_;
  std::size_t share_ = 0;
  std::size_t larger_shares_ = 0;  // so many members get one task more
  std::size_t larger_shares_used_ = 0;
};

}  // namespace

Assignment assign_tasks(const AssignorTasks& tasks,
                        const std::map<std::string, AssignorMember>& members,
                        std::size_t standby_replicas) {
  if (members.empty()) return {};
  return Assignor{tasks, members}.run(standby_replicas);
}

}  // namespace moldau::inline v0::kafka::memory
