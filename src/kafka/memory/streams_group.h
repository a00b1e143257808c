#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "kafka/memory/task_assignor.h"
#include "kafka/memory/topic_table.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::memory {

struct GroupOptions {
  // A member that was not heard of for so long is taken for dead.
  std::chrono::milliseconds session_timeout{45'000};
  std::size_t standby_replicas = 0;
};

struct JoinRequest {
  std::string member_id;
  std::string process_id;
  std::chrono::milliseconds rebalance_timeout{};
  Subscription subscription;
};

// What the group tells a member. `tasks` is complete; it is the member's business to see what
// changed.
struct GroupAnswer {
  MemberEpoch epoch;
  OwnedTasks tasks;
  std::vector<std::string> missing_topics;
  std::string mismatch;  // not empty: the topics do not fit, and no tasks are given out
  bool shutdown_requested = false;
};

// One streams group (KIP-1071): who is a member, what each is to run, and who may commit what.
//
// The group has an epoch, raised by everything that calls for another assignment, and a target for
// it. A member moves to the target on its own: it first is told to give up tasks, stays in its old
// epoch until it reports that it has, and is given a task only when no other member has it any
// more. That is what makes commit-before-ack work. Guarded by the broker's lock.
class StreamsGroup {
 public:
  explicit StreamsGroup(GroupOptions options) : options_(options) {}

  // Makes the member, or takes one that is known by its id back with what it has: nothing is given
  // up by that. invalid_request if the topology is not the group's.
  Status join(const JoinRequest& request, TopicTable& topics, Clock::Steady now);
  // Never fails: a member that the group does not know has left.
  void leave(const std::string& member_id, TopicTable& topics);

  // Ends sessions that are too old, and those of members that do not give tasks up; looks at the
  // topics again if they have changed.
  void expire(TopicTable& topics, Clock::Steady now);
  // The member is alive.
  void heard(const std::string& member_id, Clock::Steady now);

  // Moves the member on. `owned`: what it runs now, if it says so; only that ends a revocation.
  // nullopt if the group does not know the member.
  std::optional<GroupAnswer> heartbeat(const std::string& member_id,
                                       const std::optional<OwnedTasks>& owned, Clock::Steady now);

  // Whether a member may commit these partitions in that epoch. Ok in the current epoch, whatever
  // the partitions; in an older one if it has the tasks since then. stale_member otherwise.
  [[nodiscard]] Status check_commit(const MemberSnapshot& as,
                                    std::span<const CommittedOffset> offsets) const;

  void request_shutdown();

  // The next member brings another one. Refused while there are members.
  Status forget_topology();
  [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
  // Grows with everything that may be news to a member.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
  [[nodiscard]] MemberEpoch epoch() const noexcept { return epoch_; }

 private:
  struct Member {
    std::string process_id;
    std::chrono::milliseconds rebalance_timeout{};
    MemberEpoch epoch;
    std::map<TaskId, MemberEpoch> active;  // and since which epoch
    TaskSet standby;
    OwnedTasks giving_up;  // asked back; not confirmed yet
    Clock::Steady last_heard;
    Clock::Steady asked_back;  // when giving_up became non-empty
  };

  Status check_topology(const Subscription& subscription);
  void look_at_topics(TopicTable& topics);
  void reassign();
  void advance(const std::string& id, Member& member, Clock::Steady now);
  void take_new_tasks(const std::string& id, Member& member, const OwnedTasks& target);
  [[nodiscard]] bool held_elsewhere(const std::string& id, const Member& member, TaskId task,
                                    bool as_active) const;
  [[nodiscard]] bool owned_since(const Member& member, const TopicPartition& partition,
                                 MemberEpoch epoch) const;

  GroupOptions options_;
  std::vector<Subtopology> topology_;  // empty before the first join; sorted
  std::uint64_t topics_seen_ = 0;
  std::vector<std::string> missing_topics_;
  std::string mismatch_;
  AssignorTasks tasks_;
  MemberEpoch epoch_;
  Assignment target_;
  std::map<std::string, Member> members_;
  bool shutdown_requested_ = false;
  std::uint64_t revision_ = 0;
};

}  // namespace moldau::inline v0::kafka::memory
