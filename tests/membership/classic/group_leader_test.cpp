#include "membership/classic/group_leader.h"

#include "membership/classic/member_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::membership::classic {

namespace {

using ::testing::HasSubstr;
using Verdict = AssignmentData::Verdict;
using Member = kafka::wire::JoinGroupResponse::Member;

TaskId task(int partition) { return {SubtopologyId{0}, PartitionId{partition}}; }

kafka::Subscription reads_in() {
  kafka::Subtopology part;
  part.id = SubtopologyId{0};
  part.source_topics = {"in"};
  return {{part}};
}

TopicCheck::Outcome topics(int partitions) {
  TopicCheck::Outcome outcome;
  outcome.plan.tasks = {{SubtopologyId{0}, partitions}};
  outcome.counts = {{"in", partitions}};
  return outcome;
}

SubscriptionData member_of(const std::string& process, std::uint64_t topology = 1) {
  SubscriptionData data;
  data.process_id = process;
  data.nonce = 5;
  data.topology = topology;
  return data;
}

class LeadingAGroup : public ::testing::Test {
 protected:
  void add(const std::string& id, const SubscriptionData& data) {
    members_.push_back({.member_id = id, .group_instance_id = id, .metadata = encode(data)});
  }
  std::map<std::string, AssignmentData> lead(const TopicCheck::Outcome& outcome,
                                             std::uint64_t topology = 1) {
    std::map<std::string, AssignmentData> told;
    for (const auto& each :
         lead_group({.topology = topology, .standby_replicas = 0}, members_, reads_in(), outcome)) {
      told.emplace(each.member_id, *decode_assignment(Bytes{each.assignment}));
    }
    return told;
  }

  std::vector<Member> members_;
};

TEST_F(LeadingAGroup, EveryMemberIsToldItsTasksAndTheClusterItsPartitions) {
  add("a", member_of("p"));
  add("b", member_of("q"));

  const auto told = lead(topics(2));

  EXPECT_EQ(told.at("a").tasks.active.size(), 1U);
  EXPECT_EQ(told.at("b").tasks.active.size(), 1U);
  EXPECT_EQ(told.at("a").nonce, 5);
  EXPECT_EQ(told.at("a").partitions,
            (PartitionsByTopic{{"in", {told.at("a").tasks.active.begin()->partition}}}));
}

TEST_F(LeadingAGroup, AnotherTopologyThanThatOfThoseWhoWorkIsRefusedTheLeadersToo) {
  SubscriptionData working = member_of("p");
  working.owned.active = {task(0)};
  add("a", working);
  add("new", member_of("q", 2));

  const auto told = lead(topics(2), 2);

  EXPECT_EQ(told.at("new").verdict, Verdict::refused);
  EXPECT_THAT(told.at("new").detail, HasSubstr("another version of the topology"));
  EXPECT_EQ(told.at("a").verdict, Verdict::tasks);
  EXPECT_EQ(told.at("a").tasks, working.owned);
}

TEST_F(LeadingAGroup, MissingTopicsAreNamedToEverybody) {
  add("a", member_of("p"));
  TopicCheck::Outcome outcome;
  outcome.plan.missing_sources = {"in", "other"};

  const auto told = lead(outcome);

  EXPECT_EQ(told.at("a").verdict, Verdict::missing_topics);
  EXPECT_EQ(told.at("a").detail, "in, other");
}

TEST_F(LeadingAGroup, AWishToStopReachesEverybody) {
  SubscriptionData asks = member_of("p");
  asks.asks_for_shutdown = true;
  add("a", asks);
  add("b", member_of("q"));

  EXPECT_TRUE(lead(topics(1)).at("b").shutdown_requested);
}

TEST_F(LeadingAGroup, WhoCannotBeReadIsRefusedAndTheOthersWork) {
  add("a", member_of("p"));
  members_.push_back({.member_id = "b", .group_instance_id = "b", .metadata = "something else"});

  const auto told = lead(topics(2));

  EXPECT_EQ(told.at("b").verdict, Verdict::refused);
  EXPECT_EQ(told.at("a").tasks.active.size(), 2U);
}

}  // namespace

}  // namespace moldau::inline v0::membership::classic
