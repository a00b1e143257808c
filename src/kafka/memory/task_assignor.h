#pragma once

#include "moldau/kafka/values.h"

#include <cstddef>
#include <map>
#include <string>

namespace moldau::inline v0::kafka::memory {

// A member as the assignor sees it.
struct AssignorMember {
  std::string process_id;
  OwnedTasks previous;  // what the last assignment gave it
};

struct AssignorTasks {
  TaskSet all;
  TaskSet with_state;  // those that can have standbys
};

using Assignment = std::map<std::string, OwnedTasks>;  // by member id

// Spreads tasks over members. Sticky: a task stays where it is as long as the member has no more
// than its share. Balanced per member: shares differ by at most one task. A process never holds two
// roles of one task, so there may be fewer standbys than asked for.
[[nodiscard]] Assignment assign_tasks(const AssignorTasks& tasks,
                                      const std::map<std::string, AssignorMember>& members,
                                      std::size_t standby_replicas);

}  // namespace moldau::inline v0::kafka::memory
