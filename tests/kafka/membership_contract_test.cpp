#include "kafka/group_contract.h"

#include <set>

// How tasks are given out and move.
namespace moldau {

namespace {

using kafka::MembershipEvent;
using kafka::TaskSet;
using ::testing::HasSubstr;

class MembershipContract : public GroupContract {};

TEST_F(MembershipContract, ASingleMemberGetsAllTasks) {
  Member alone = join("a", reads(make_topic(4)));

  EXPECT_TRUE(settle({4}, alone));
  EXPECT_GT(alone.membership().snapshot().epoch, MemberEpoch{0});
  EXPECT_EQ(alone.membership().snapshot().owned.active, alone.active());
  EXPECT_TRUE(alone.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, ATaskMovesOnlyAfterItsOwnerHasGivenItUp) {
  const std::string topic = make_topic(4);
  Member old_owner = join("a", reads(topic));
  ASSERT_TRUE(settle({4}, old_owner));
  const kafka::MemberSnapshot before = old_owner.membership().snapshot();
  old_owner.hold_back(true);

  Member new_owner = join("b", reads(topic));
  ASSERT_TRUE(eventually(patience, [&] {
    old_owner.look();
    new_owner.look();
    return old_owner.pending().has_value();
  }));
  EXPECT_EQ(old_owner.pending()->active.size(), 2U);
  // Time enough for a heartbeat or two of the member that wants the tasks.
  EXPECT_FALSE(eventually(1500ms, [&] {
    old_owner.look();
    new_owner.look();
    return !new_owner.active().empty();
  })) << "a task was given away before its owner acknowledged";

  // Commit before the acknowledgement, in the epoch the work was done in.
  for (const TaskId task : before.owned.active) {
    const Status status = commit_as(old_owner, offset(topic, 7, task.partition), before);
    EXPECT_TRUE(status.ok()) << status.message();
  }
  old_owner.hold_back(false);
  ASSERT_TRUE(settle({2, 2}, old_owner, new_owner));

  TaskSet all = old_owner.active();
  all.insert(new_owner.active().begin(), new_owner.active().end());
  EXPECT_EQ(all.size(), 4U) << "a task has two owners";
  EXPECT_EQ(stable_offset(topic)->next, Offset{7});
  EXPECT_TRUE(new_owner.membership().leave(call_timeout).ok());
  EXPECT_TRUE(settle({4}, old_owner));
  EXPECT_TRUE(old_owner.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, AMemberMayJoinAgainAfterItLeft) {
  const std::string topic = make_topic(2);
  Member restless = join("a", reads(topic));
  ASSERT_TRUE(settle({2}, restless));
  ASSERT_TRUE(restless.membership().leave(call_timeout).ok());

  Member again = join("a", reads(topic));

  EXPECT_TRUE(settle({2}, again));
  EXPECT_TRUE(again.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, LeavingForAMemberFreesItsTasks) {
  const std::string topic = make_topic(2);
  Member gone = join("a", reads(topic));
  ASSERT_TRUE(settle({2}, gone));
  const std::vector<std::string> ids{unique("a") + "-1", unique("never-there") + "-1"};

  const Status left =
      insist([&] { return world_->memberships().leave_for(group_, ids, call_timeout); });
  Member other = join("b", reads(topic));

  EXPECT_TRUE(left.ok()) << left.message();
  EXPECT_TRUE(settle({2}, other));
  EXPECT_TRUE(other.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, InternalTopicsAreMadeWithDerivedPartitions) {
  const std::string topic = make_topic(3);
  const std::string repartition = group_ + "-words-repartition";
  const std::string changelog = group_ + "-counts-changelog";
  kafka::Subtopology writer;
  writer.id = SubtopologyId{0};
  writer.source_topics = {topic};
  writer.repartition_sink_topics = {repartition};
  kafka::Subtopology counter;
  counter.id = SubtopologyId{1};
  counter.repartition_source_topics = {
      {.name = repartition, .partitions = 0, .config = {{"cleanup.policy", "delete"}}}};
  counter.changelog_topics = {
      {.name = changelog, .partitions = 0, .config = {{"cleanup.policy", "compact"}}}};

  Member alone = join("a", {{writer, counter}});

  EXPECT_TRUE(settle({6}, alone));
  const auto client = admin();
  EXPECT_EQ(partitions_of(*client, repartition), 3);
  EXPECT_EQ(partitions_of(*client, changelog), 3);
  EXPECT_TRUE(alone.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, MissingSourceTopicsAreNamedAndHealOnceTheyExist) {
  const std::string topic = unique("late");
  Member waiting = join("a", reads(topic));

  ASSERT_TRUE(eventually(patience, [&] {
    waiting.look();
    return waiting.event(MembershipEvent::Kind::missing_topics) != nullptr;
  }));
  EXPECT_THAT(waiting.event(MembershipEvent::Kind::missing_topics)->detail, HasSubstr(topic));
  make_topic(2, {}, "late");

  EXPECT_TRUE(settle({2}, waiting));
  EXPECT_TRUE(waiting.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, TopicsThatCannotBeJoinedAreFatal) {
  kafka::Subtopology joins;
  joins.id = SubtopologyId{0};
  joins.source_topics = {make_topic(2, {}, "left"), make_topic(3, {}, "right")};
  joins.copartition_groups = {{.source_topics = joins.source_topics, .repartition_topics = {}}};

  Member refused = join("a", {{joins}});

  ASSERT_TRUE(eventually(patience, [&] {
    refused.look();
    return refused.event(MembershipEvent::Kind::fatal) != nullptr;
  }));
  EXPECT_FALSE(refused.event(MembershipEvent::Kind::fatal)->status.message().empty());
  EXPECT_TRUE(refused.active().empty());
  static_cast<void>(refused.membership().leave(call_timeout));
}

TEST_F(MembershipContract, AnotherTopologyIsRefused) {
  Member first = join("a", reads(make_topic(1, {}, "one")));
  ASSERT_TRUE(settle({1}, first));

  Member other = join("b", reads(make_topic(1, {}, "two")));

  EXPECT_TRUE(eventually(patience, [&] {
    other.look();
    return other.event(MembershipEvent::Kind::fatal) != nullptr;
  }));
  static_cast<void>(other.membership().leave(call_timeout));
  EXPECT_TRUE(first.membership().leave(call_timeout).ok());
}

TEST_F(MembershipContract, TheSameMemberIdGetsItsTasksBackAtOnce) {
  const std::string topic = make_topic(4);
  Member killed = join("a", reads(topic));
  Member other = join("b", reads(topic));
  ASSERT_TRUE(settle({2, 2}, killed, other));
  const TaskSet had = killed.active();

  Member restarted = join("a", reads(topic));

  EXPECT_TRUE(settle({2, 2}, restarted, other));
  EXPECT_EQ(restarted.active(), had);
  EXPECT_TRUE(restarted.membership().leave(call_timeout).ok());
  EXPECT_TRUE(other.membership().leave(call_timeout).ok());
}

}  // namespace

}  // namespace moldau
