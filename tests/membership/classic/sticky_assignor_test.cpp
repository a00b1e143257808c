#include "membership/classic/sticky_assignor.h"

#include "test_seed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <set>
#include <string>

namespace moldau::inline v0::membership::classic {

namespace {

TaskId task(int subtopology, int partition) {
  return {SubtopologyId{subtopology}, PartitionId{partition}};
}

TasksToAssign tasks_of(int subtopologies, int partitions) {
  TasksToAssign tasks;
  for (int part = 0; part < subtopologies; ++part) {
    for (int partition = 0; partition < partitions; ++partition) {
      tasks.all.insert(task(part, partition));
      if (part % 2 == 0) tasks.with_state.insert(task(part, partition));
    }
  }
  return tasks;
}

Candidate thread_of(const std::string& process) {
  return {.process_id = process, .owned = {}, .stored = {}};
}

void expect_balanced(const Assignments& assignments) {
  std::size_t least = std::numeric_limits<std::size_t>::max();
  std::size_t most = 0;
  for (const auto& [id, tasks] : assignments) {
    least = std::min(least, tasks.active.size());
    most = std::max(most, tasks.active.size());
  }
  EXPECT_LE(most - least, 1U);
}

// A process has one role of a task at most, and an active task one owner.
void expect_one_role(const Assignments& assignments, const Candidates& members) {
  std::set<TaskId> active;
  std::set<std::pair<std::string, TaskId>> roles;
  for (const auto& [id, tasks] : assignments) {
    for (const TaskId each : tasks.active) {
      EXPECT_TRUE(active.insert(each).second) << "two owners";
      EXPECT_TRUE(roles.emplace(members.at(id).process_id, each).second) << "two roles";
    }
    for (const TaskId each : tasks.standby) {
      EXPECT_TRUE(roles.emplace(members.at(id).process_id, each).second) << "two roles";
    }
  }
}

// The group goes on until an assignment changes nothing: each member runs what it is told, and
// gives up what it is not. Returns how often it had to.
int settle(const TasksToAssign& tasks, Candidates& members, std::size_t standbys) {
  for (int rounds = 0;; ++rounds) {
    Assignments assignments = assign_sticky(tasks, members, standbys);
    expect_balanced(assignments);
    hold_back_what_is_owned(assignments, members);
    bool moved = false;
    // As members are told one after the other: at no time may two have the same.
    for (auto& [id, member] : members) {
      moved = moved || member.owned != assignments.at(id);
      member.owned = assignments.at(id);
      Assignments now;
      for (const auto& [each, candidate] : members) now[each] = candidate.owned;
      expect_one_role(now, members);
    }
    if (!moved || rounds > 30) return rounds;
  }
}

TEST(StickyAssignor, EveryGroupSettlesWithOneOwnerATaskWhoeverComesAndGoes) {
  std::mt19937_64 random{test_seed()};
  Candidates members;
  for (int round = 0; round < 400; ++round) {
    const TasksToAssign tasks =
        tasks_of(1 + static_cast<int>(random() % 3), 1 + static_cast<int>(random() % 9));
    const std::size_t standbys = random() % 3;
    const std::string id = "m" + std::to_string(random() % 9);
    if (members.erase(id) == 0) members[id] = thread_of("p" + std::to_string(random() % 3));
    if (members.empty()) continue;
    // What the topology does not have any more cannot be owned.
    for (auto& [each, member] : members) {
      std::erase_if(member.owned.active, [&](TaskId t) { return !tasks.all.contains(t); });
      std::erase_if(member.owned.standby, [&](TaskId t) { return !tasks.with_state.contains(t); });
    }

    EXPECT_LE(settle(tasks, members, standbys), 15);

    kafka::TaskSet owned;
    for (const auto& [each, member] : members) {
      owned.insert(member.owned.active.begin(), member.owned.active.end());
    }
    EXPECT_EQ(owned, tasks.all);
  }
}

TEST(StickyAssignor, NothingMovesWhenNothingChanges) {
  const TasksToAssign tasks = tasks_of(2, 7);
  Candidates members{{"a", thread_of("p")}, {"b", thread_of("p")}, {"c", thread_of("q")}};
  settle(tasks, members, 1);

  EXPECT_EQ(settle(tasks, members, 1), 0);
}

TEST(StickyAssignor, OnlyWhatANewMemberGetsMoves) {
  const TasksToAssign tasks = tasks_of(1, 9);
  Candidates members{{"a", thread_of("p")}, {"b", thread_of("q")}};
  settle(tasks, members, 0);
  const Candidates before = members;

  members["c"] = thread_of("r");
  settle(tasks, members, 0);

  for (const auto& [id, member] : before) {
    EXPECT_TRUE(std::ranges::includes(member.owned.active, members.at(id).owned.active)) << id;
  }
}

TEST(StickyAssignor, AProcessGetsTasksForEachOfItsThreads) {
  const TasksToAssign tasks = tasks_of(1, 8);
  Candidates members{{"a1", thread_of("a")},
                     {"a2", thread_of("a")},
                     {"a3", thread_of("a")},
                     {"b1", thread_of("b")}};

  settle(tasks, members, 0);

  EXPECT_EQ(members.at("b1").owned.active.size(), 2U);
}

TEST(StickyAssignor, FewTasksAreSpreadOverProcesses) {
  const TasksToAssign tasks = tasks_of(1, 2);
  Candidates members{{"a1", thread_of("a")},
                     {"a2", thread_of("a")},
                     {"b1", thread_of("b")},
                     {"b2", thread_of("b")}};

  settle(tasks, members, 0);

  const std::size_t on_a =
      members.at("a1").owned.active.size() + members.at("a2").owned.active.size();
  EXPECT_EQ(on_a, 1U);
}

TEST(StickyAssignor, ATaskWithoutOwnerGoesWhereItsStateIs) {
  const TasksToAssign tasks = tasks_of(1, 2);
  Candidates members{{"a", thread_of("p")}, {"b", thread_of("q")}};
  members["a"].stored = {task(0, 1)};
  members["b"].stored = {task(0, 0)};

  settle(tasks, members, 0);

  EXPECT_EQ(members.at("a").owned.active, (kafka::TaskSet{task(0, 1)}));
}

TEST(StickyAssignor, AStandbyTakesOverFromAnOwnerThatIsGone) {
  const TasksToAssign tasks = tasks_of(1, 6);
  Candidates members{{"a", thread_of("p")}, {"b", thread_of("q")}, {"c", thread_of("r")}};
  settle(tasks, members, 1);
  const kafka::TaskSet orphans = members.at("a").owned.active;
  const Candidates before = members;

  members.erase("a");
  settle(tasks, members, 1);

  for (const TaskId orphan : orphans) {
    for (const auto& [id, member] : members) {
      if (!before.at(id).owned.standby.contains(orphan)) continue;
      EXPECT_TRUE(member.owned.active.contains(orphan)) << id;
    }
  }
}

TEST(StickyAssignor, StandbysAreOnOtherProcessesAndOfTasksWithStateOnly) {
  const TasksToAssign tasks = tasks_of(2, 4);
  Candidates members{{"a", thread_of("p")}, {"b", thread_of("q")}};

  settle(tasks, members, 2);

  kafka::TaskSet standbys;
  for (const auto& [id, member] : members) {
    standbys.insert(member.owned.standby.begin(), member.owned.standby.end());
    for (const TaskId each : member.owned.standby) {
      EXPECT_FALSE(member.owned.active.contains(each));
    }
  }
  EXPECT_EQ(standbys, tasks.with_state);
}

TEST(StickyAssignor, ATaskMovesOnlyAfterItsOwnerGaveItUp) {
  const TasksToAssign tasks = tasks_of(1, 2);
  Candidates members{{"a", thread_of("p")}, {"b", thread_of("q")}};
  members["a"].owned.active = tasks.all;

  Assignments first = assign_sticky(tasks, members, 0);
  hold_back_what_is_owned(first, members);
  EXPECT_EQ(first.at("a").active.size(), 1U);
  EXPECT_TRUE(first.at("b").active.empty());

  members["a"].owned = first.at("a");
  Assignments second = assign_sticky(tasks, members, 0);
  hold_back_what_is_owned(second, members);
  EXPECT_EQ(second.at("b").active.size(), 1U);
}

}  // namespace

}  // namespace moldau::inline v0::membership::classic
