#include "membership/classic/group_leader.h"

#include "membership/classic/member_data.h"
#include "membership/classic/sticky_assignor.h"

#include <algorithm>
#include <map>
#include <utility>

namespace moldau::inline v0::membership::classic {

namespace {

using Verdict = AssignmentData::Verdict;

constexpr std::string_view other_topology =
    "the group runs another version of the topology: stop every instance before this version "
    "starts";

struct Group {
  std::map<std::string, SubscriptionData> readable;  // by member id
  std::map<std::string, std::string> unreadable;     // why
  bool shutdown = false;
};

Group read(GroupMembers members) {
  Group group;
  for (const auto& member : members) {
    auto data = decode_subscription(Bytes{member.metadata});
    if (data) {
      group.shutdown = group.shutdown || data->asks_for_shutdown;
      group.readable.emplace(member.member_id, *std::move(data));
    } else {
      group.unreadable.emplace(member.member_id,
                               std::string{data.error().message()} +
                                   ". It runs another version of the library than the leader of "
                                   "the group: stop every instance before this version starts");
    }
  }
  return group;
}

// That of most members with tasks; the leader's if nobody has any.
std::uint64_t topology_of(const Group& group, std::uint64_t leaders) {
  std::map<std::uint64_t, std::size_t> owners;
  for (const auto& [id, data] : group.readable) {
    if (!data.owned.active.empty()) ++owners[data.topology];
  }
  std::uint64_t topology = leaders;
  std::size_t most = owners.contains(leaders) ? owners.at(leaders) : 0;
  for (const auto& [each, count] : owners) {
    if (count <= most) continue;
    topology = each;
    most = count;
  }
  return topology;
}

TasksToAssign tasks_of(const kafka::Subscription& subscription, const kafka::TopologyTopics& plan) {
  TasksToAssign tasks;
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    const auto count = plan.tasks.find(part.id);
    if (count == plan.tasks.end()) continue;
    for (std::int32_t partition = 0; partition < count->second; ++partition) {
      const TaskId task{part.id, PartitionId{partition}};
      tasks.all.insert(task);
      if (!part.changelog_topics.empty()) tasks.with_state.insert(task);
    }
  }
  return tasks;
}

// What the cluster's tools show.
PartitionsByTopic partitions_of(const kafka::TaskSet& tasks,
                                const kafka::Subscription& subscription,
                                const TopicCounts& counts) {
  PartitionsByTopic partitions;
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    std::vector<std::string> topics = part.source_topics;
    for (const auto& topic : part.repartition_source_topics) topics.push_back(topic.name);
    for (const TaskId task : tasks) {
      if (task.subtopology != part.id) continue;
      for (const std::string& topic : topics) {
        const auto count = counts.find(topic);
        if (count == counts.end() || task.partition.value() >= count->second) continue;
        partitions[topic].push_back(task.partition);
      }
    }
  }
  return partitions;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

AssignmentData verdict_for(const SubscriptionData& data, Verdict verdict, std::string detail) {
  return {.partitions = {},
          .verdict = verdict,
          .nonce = data.nonce,
          .topology = data.topology,
          .shutdown_requested = false,
          .tasks = {},
          .detail = std::move(detail)};
}

class Leader {
 public:
  Leader(const LeaderView& view, Group group, const kafka::Subscription& subscription,
         const TopicCheck::Outcome& topics)
      : view_(view), group_(std::move(group)), subscription_(subscription), topics_(topics) {}

  EncodedAssignments run() {
    const std::uint64_t topology = topology_of(group_, view_.topology);
    Candidates candidates;
    for (const auto& [id, data] : group_.readable) {
      if (data.topology != topology) {
        give(id, verdict_for(data, Verdict::refused, std::string{other_topology}));
      } else if (topology != view_.topology) {
        keep(id, data);
      } else if (!topics_.plan.missing_sources.empty()) {
        give(id, verdict_for(data, Verdict::missing_topics, joined(topics_.plan.missing_sources)));
      } else if (!topics_.plan.mismatch.empty()) {
        give(id, verdict_for(data, Verdict::refused, topics_.plan.mismatch));
      } else {
        candidates.emplace(
            id,
            Candidate{.process_id = data.process_id, .owned = data.owned, .stored = data.stored});
      }
    }
    assign(std::move(candidates));
    for (const auto& [id, why] : group_.unreadable) {
      give(id, verdict_for({}, Verdict::refused, why));
    }
    return std::move(encoded_);
  }

 private:
  void assign(Candidates candidates) {
    Assignments assignments =
        assign_sticky(tasks_of(subscription_, topics_.plan), candidates, view_.standby_replicas);
    // Who is refused may still be running something.
    for (const auto& [id, data] : group_.readable) {
      candidates.try_emplace(
          id, Candidate{.process_id = data.process_id, .owned = data.owned, .stored = data.stored});
    }
    hold_back_what_is_owned(assignments, candidates);
    for (auto& [id, tasks] : assignments) {
      AssignmentData data = verdict_for(group_.readable.at(id), Verdict::tasks, {});
      data.partitions = partitions_of(tasks.active, subscription_, topics_.counts);
      data.tasks = std::move(tasks);
      give(id, std::move(data));
    }
  }

  void keep(const std::string& id, const SubscriptionData& data) {
    AssignmentData assignment = verdict_for(data, Verdict::tasks, {});
    assignment.tasks = data.owned;
    give(id, std::move(assignment));
  }

  void give(const std::string& id, AssignmentData data) {
    data.shutdown_requested = group_.shutdown;
    encoded_.push_back({.member_id = id, .assignment = encode(data)});
  }

  const LeaderView& view_;
  const Group group_;
  const kafka::Subscription& subscription_;
  const TopicCheck::Outcome& topics_;
  EncodedAssignments encoded_;
};

}  // namespace

EncodedAssignments lead_group(const LeaderView& leader, GroupMembers members,
                              const kafka::Subscription& subscription,
                              const TopicCheck::Outcome& topics) {
  return Leader{leader, read(members), subscription, topics}.run();
}

EncodedAssignments put_off(GroupMembers members, const std::string& why) {
  EncodedAssignments encoded;
  const Group group = read(members);
  for (const auto& [id, data] : group.readable) {
    AssignmentData assignment = verdict_for(data, Verdict::not_yet, why);
    assignment.shutdown_requested = group.shutdown;
    encoded.push_back({.member_id = id, .assignment = encode(assignment)});
  }
  for (const auto& [id, unreadable] : group.unreadable) {
    encoded.push_back(
        {.member_id = id, .assignment = encode(verdict_for({}, Verdict::refused, unreadable))});
  }
  return encoded;
}

}  // namespace moldau::inline v0::membership::classic
