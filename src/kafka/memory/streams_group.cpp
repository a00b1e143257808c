#include "kafka/memory/streams_group.h"

#include "kafka/memory/refusals.h"
#include "kafka/topology_topics.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace moldau::inline v0::kafka::memory {

namespace {

TaskSet minus(const TaskSet& from, const TaskSet& what) {
  TaskSet rest;
  std::ranges::set_difference(from, what, std::inserter(rest, rest.end()));
  return rest;
}

bool meet(const TaskSet& a, const TaskSet& b) {
  return std::ranges::any_of(a, [&b](TaskId task) { return b.contains(task); });
}

// Members may list things in any order; the group compares one order.
std::vector<Subtopology> sorted(std::vector<Subtopology> subtopologies) {
  for (Subtopology& part : subtopologies) {
    std::ranges::sort(part.source_topics);
    std::ranges::sort(part.repartition_sink_topics);
    std::ranges::sort(part.changelog_topics, {}, &InternalTopic::name);
    std::ranges::sort(part.repartition_source_topics, {}, &InternalTopic::name);
    for (CopartitionGroup& group : part.copartition_groups) {
      std::ranges::sort(group.source_topics);
      std::ranges::sort(group.repartition_topics);
    }
    std::ranges::sort(part.copartition_groups, {}, [](const CopartitionGroup& group) {
      return std::pair{group.source_topics, group.repartition_topics};
    });
  }
  std::ranges::sort(subtopologies, {}, &Subtopology::id);
  return subtopologies;
}

Status invalid(std::string message) {
  return Status::permanent(ErrorCode::invalid_request, std::move(message));
}

}  // namespace

Status StreamsGroup::check_topology(const Subscription& subscription) {
  std::vector<Subtopology> asked = sorted(subscription.subtopologies);
  if (asked.empty()) return invalid("a member of a streams group needs a topology");
  for (const Subtopology& part : asked) {
    for (const InternalTopic& changelog : part.changelog_topics) {
      if (changelog.partitions == 0) continue;
      return invalid("changelog topic " + changelog.name +
                     ": its partition count must be left to the broker");
    }
  }
  // As with the real coordinator the topology outlives the members.
  if (topology_.empty())
    topology_ = std::move(asked);
  else if (topology_ != asked) {
    return invalid(
        "Topology updates are not supported yet: the group was made by a member with another "
        "topology");
  }
  return {};
}

Status StreamsGroup::join(const JoinRequest& request, TopicTable& topics, Clock::Steady now) {
  const bool first_topology = topology_.empty();
  if (Status status = check_topology(request.subscription); !status) return status;
  if (first_topology) look_at_topics(topics);
  ++revision_;
  const auto [found, fresh] = members_.try_emplace(request.member_id);
  Member& member = found->second;
  member.process_id = request.process_id;
  member.rebalance_timeout = request.rebalance_timeout;
  member.last_heard = now;
  if (fresh) {
    reassign();
    member.epoch = MemberEpoch{0};
  }
  // A join says that nothing is owned, so it also confirms whatever is asked back.
  member.giving_up = {};
  advance(request.member_id, member, now);
  member.giving_up = {};
  advance(request.member_id, member, now);
  return {};
}

void StreamsGroup::leave(const std::string& member_id, TopicTable& topics) {
  if (members_.erase(member_id) == 0) return;
  if (members_.empty()) shutdown_requested_ = false;
  look_at_topics(topics);
  reassign();
}

Status StreamsGroup::forget_topology() {
  if (!members_.empty()) {
    return Status::permanent(ErrorCode::invalid_state,
                             "the group has members: stop every instance first");
  }
  topology_.clear();
  return {};
}

void StreamsGroup::expire(TopicTable& topics, Clock::Steady now) {
  std::vector<std::string> gone;
  for (const auto& [id, member] : members_) {
    const bool silent = now - member.last_heard >= options_.session_timeout;
    const bool keeps_tasks =
        member.giving_up != OwnedTasks{} && now - member.asked_back >= member.rebalance_timeout;
    if (silent || keeps_tasks) gone.push_back(id);
  }
  for (const std::string& id : gone) leave(id, topics);
  if (!topology_.empty() && topics_seen_ != topics.revision()) {
    look_at_topics(topics);
    reassign();
  }
}

void StreamsGroup::heard(const std::string& member_id, Clock::Steady now) {
  if (const auto found = members_.find(member_id); found != members_.end()) {
    found->second.last_heard = now;
  }
}

// Internal topics are made here, as the coordinator makes them on a heartbeat.
void StreamsGroup::look_at_topics(TopicTable& topics) {
  TopologyTopics plan = plan_topics(topology_, topics.partition_counts());
  for (const NewTopic& topic : plan.to_create) {
    if (Status status = topics.create(topic); !status && plan.mismatch.empty()) {
      plan.mismatch =
          "internal topic " + topic.name + " cannot be made: " + std::string{status.message()};
      plan.tasks.clear();
    }
  }
  topics_seen_ = topics.revision();
  missing_topics_ = std::move(plan.missing_sources);
  mismatch_ = std::move(plan.mismatch);
  tasks_ = {};
  for (const Subtopology& part : topology_) {
    const auto count = plan.tasks.find(part.id);
    if (count == plan.tasks.end()) continue;
    for (std::int32_t partition = 0; partition < count->second; ++partition) {
      const TaskId task{part.id, PartitionId{partition}};
      tasks_.all.insert(task);
      if (!part.changelog_topics.empty()) tasks_.with_state.insert(task);
    }
  }
  ++revision_;
}

void StreamsGroup::reassign() {
  std::map<std::string, AssignorMember> members;
  for (const auto& [id, member] : members_) {
    const auto previous = target_.find(id);
    members.emplace(id, AssignorMember{.process_id = member.process_id,
                                       .previous = previous == target_.end() ? OwnedTasks{}
                                                                             : previous->second});
  }
  target_ = assign_tasks(tasks_, members, options_.standby_replicas);
  ++epoch_;
  ++revision_;
}

std::optional<GroupAnswer> StreamsGroup::heartbeat(const std::string& member_id,
                                                   const std::optional<OwnedTasks>& owned,
                                                   Clock::Steady now) {
  const auto found = members_.find(member_id);
  if (found == members_.end()) return std::nullopt;
  Member& member = found->second;
  member.last_heard = now;
  if (owned && !meet(owned->active, member.giving_up.active) &&
      !meet(owned->standby, member.giving_up.standby) && member.giving_up != OwnedTasks{}) {
    member.giving_up = {};
    ++revision_;  // others may wait for these tasks
  }
  advance(member_id, member, now);

  GroupAnswer answer{.epoch = member.epoch,
                     .tasks = {.active = {}, .standby = member.standby},
                     .missing_topics = missing_topics_,
                     .mismatch = mismatch_,
                     .shutdown_requested = shutdown_requested_};
  for (const auto& [task, since] : member.active) answer.tasks.active.insert(task);
  return answer;
}

// One step of a member towards the target: give up first, then move to the new epoch and take.
void StreamsGroup::advance(const std::string& id, Member& member, Clock::Steady now) {
  if (member.giving_up != OwnedTasks{}) return;
  const OwnedTasks& target = target_[id];
  OwnedTasks has{.active = {}, .standby = member.standby};
  for (const auto& [task, since] : member.active) has.active.insert(task);
  member.giving_up = {.active = minus(has.active, target.active),
                      .standby = minus(has.standby, target.standby)};
  if (member.giving_up != OwnedTasks{}) {
    for (const TaskId task : member.giving_up.active) member.active.erase(task);
    for (const TaskId task : member.giving_up.standby) member.standby.erase(task);
    member.asked_back = now;
    ++revision_;
    return;
  }
  if (member.epoch != epoch_) {
    member.epoch = epoch_;
    ++revision_;
  }
  take_new_tasks(id, member, target);
}

void StreamsGroup::take_new_tasks(const std::string& id, Member& member, const OwnedTasks& target) {
  for (const TaskId task : target.active) {
    if (member.active.contains(task) || held_elsewhere(id, member, task, true)) continue;
    member.active.emplace(task, epoch_);
    ++revision_;
  }
  for (const TaskId task : target.standby) {
    if (member.standby.contains(task) || held_elsewhere(id, member, task, false)) continue;
    member.standby.insert(task);
    ++revision_;
  }
}

// Somebody else runs the task, or has not confirmed that it does not any more. Active tasks are
// exclusive in the group, every role is in its process.
bool StreamsGroup::held_elsewhere(const std::string& id, const Member& member, TaskId task,
                                  bool as_active) const {
  return std::ranges::any_of(members_, [&](const auto& entry) {
    const Member& other = entry.second;
    if (entry.first == id) {
      return as_active ? other.standby.contains(task) : other.active.contains(task);
    }
    const bool same_process = other.process_id == member.process_id;
    if ((as_active || same_process) &&
        (other.active.contains(task) || other.giving_up.active.contains(task))) {
      return true;
    }
    return same_process && (other.standby.contains(task) || other.giving_up.standby.contains(task));
  });
}

Status StreamsGroup::check_commit(const MemberSnapshot& as,
                                  std::span<const CommittedOffset> offsets) const {
  const auto found = members_.find(as.member_id);
  if (found == members_.end()) {
    return stale_member("the group does not know member \"" + as.member_id + "\"");
  }
  const Member& member = found->second;
  if (as.epoch == member.epoch) return {};
  const bool owned =
      as.epoch < member.epoch && std::ranges::all_of(offsets, [&](const CommittedOffset& offset) {
        return owned_since(member, offset.partition, as.epoch);
      });
  if (owned) return {};
  return stale_member("member \"" + as.member_id + "\" commits in epoch " +
                      std::to_string(as.epoch.value()) + ", the group has it in " +
                      std::to_string(member.epoch.value()));
}

bool StreamsGroup::owned_since(const Member& member, const TopicPartition& partition,
                               MemberEpoch epoch) const {
  for (const Subtopology& part : topology_) {
    const bool reads =
        std::ranges::find(part.source_topics, partition.topic) != part.source_topics.end() ||
        std::ranges::find(part.repartition_source_topics, partition.topic, &InternalTopic::name) !=
            part.repartition_source_topics.end();
    if (!reads) continue;
    const auto task = member.active.find(TaskId{part.id, partition.partition});
    return task != member.active.end() && task->second <= epoch;
  }
  return false;
}

void StreamsGroup::request_shutdown() {
  shutdown_requested_ = true;
  ++revision_;
}

}  // namespace moldau::inline v0::kafka::memory
