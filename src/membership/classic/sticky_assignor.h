#pragma once

#include "moldau/kafka/values.h"

#include <cstddef>
#include <map>
#include <string>

// Which member of a classic group runs what. A member is a thread.
namespace moldau::inline v0::membership::classic {

struct Candidate {
  std::string process_id;
  kafka::OwnedTasks owned;
  kafka::TaskSet stored;  // tasks whose state is on its disk
};

struct TasksToAssign {
  kafka::TaskSet all;
  kafka::TaskSet with_state;  // those that can have standbys
};

using Candidates = std::map<std::string, Candidate>;           // by member id
using Assignments = std::map<std::string, kafka::OwnedTasks>;  // by member id

// Spreads tasks over members; every member has an entry. The same answer for the same question.
//
// Balanced: the active tasks of two members differ by one at most, so a process has as many as it
// has threads for. Sticky: a task stays with its owner as long as that has no more than its share;
// one that must move goes to a member whose process has its state, if there is room.
//
// Standbys are on other processes than the active task and each other, so there may be fewer than
// `standby_replicas`; one that is kept stays where it was.
[[nodiscard]] Assignments assign_sticky(const TasksToAssign& tasks, const Candidates& members,
                                        std::size_t standby_replicas);

// Takes out what another member has not given up: an active task has one owner in the group, and a
// process has one role of a task at a time. Whoever still has something that is not in its
// assignment gives it up and asks again; then others get it.
void hold_back_what_is_owned(Assignments& assignments, const Candidates& members);

}  // namespace moldau::inline v0::membership::classic
