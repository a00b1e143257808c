#include "membership/offset_commits.h"

#include "moldau/testing/manual_clock.h"

#include "kafka_wire/scripted_coordinator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::inline v0::membership {
namespace {

using kafka::wire::committed;
using kafka::wire::Endpoint;
using kafka::wire::FixedRandom;
using kafka::wire::ScriptedCoordinator;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Commit = kafka::wire::OffsetCommitRequest;
using Outcome = OffsetCommits::Outcome;

Commit::Response says(const Commit& request, int code) {
  Commit::Response response;
  for (const auto& topic : request.topics) {
    auto& answered = response.topics.emplace_back();
    answered.topic = topic.topic;
    for (const auto& partition : topic.partitions) {
      answered.partitions.push_back(
          {.partition = partition.partition, .error_code = static_cast<std::int16_t>(code)});
    }
  }
  return response;
}

class OffsetCommitsTest : public ::testing::Test {
 protected:
  void answer_with(int code) {
    cluster.commit = [code](const Commit& request) { return says(request, code); };
  }
  OffsetCommits::Attempt attempt(int epoch = 4) {
    return commits.attempt(offsets, "m", MemberEpoch{epoch}, 0ms);
  }

  testing::ManualClock clock;
  FixedRandom random;
  ScriptedCoordinator cluster;
  OffsetCommits commits{
      std::make_unique<kafka::wire::CoordinatorLink>(
          cluster.take_connection(),
          kafka::wire::CoordinatorLink::Target{
              .group_id = "g", .client_id = "c", .servers = {Endpoint{"bootstrap", 9092}}},
          clock, random),
      "g", clock};
  std::vector<kafka::CommittedOffset> offsets{committed("words", 1, 7, "x"),
                                              committed("other", 0, 3), committed("words", 0, 9)};
};

TEST_F(OffsetCommitsTest, SaysWhoCommitsWhat) {
  answer_with(0);

  EXPECT_EQ(attempt().outcome, Outcome::committed);

  ASSERT_THAT(cluster.commits, SizeIs(1));
  const Commit& sent = cluster.commits.front();
  EXPECT_EQ(sent.group_id, "g");
  EXPECT_EQ(sent.member_id, "m");
  EXPECT_EQ(sent.member_epoch, 4);
  EXPECT_FALSE(sent.instance_id);
  ASSERT_THAT(sent.topics, SizeIs(2));
  EXPECT_EQ(sent.topics[1].topic, "words");
  ASSERT_THAT(sent.topics[1].partitions, SizeIs(2));
  EXPECT_EQ(sent.topics[1].partitions[0].partition, 1);
  EXPECT_EQ(sent.topics[1].partitions[0].offset, 7);
  EXPECT_EQ(sent.topics[1].partitions[0].leader_epoch, -1);
  EXPECT_EQ(sent.topics[1].partitions[0].metadata, "x");
}

TEST_F(OffsetCommitsTest, AnErrorTellsWhatToDoNext) {
  for (const auto& [code, outcome] : {std::pair{113, Outcome::stale},
                                      {22, Outcome::stale},
                                      {25, Outcome::unknown_member},
                                      {69, Outcome::unknown_member},
                                      {14, Outcome::repeat},
                                      {15, Outcome::repeat},
                                      {16, Outcome::repeat},
                                      {7, Outcome::repeat},
                                      {30, Outcome::refused},
                                      {12, Outcome::refused},
                                      {999, Outcome::refused}}) {
    SCOPED_TRACE(code);
    answer_with(code);
    clock.advance(2s);

    const OffsetCommits::Attempt done = attempt();

    EXPECT_EQ(done.outcome, outcome);
    EXPECT_THAT(std::string{done.status.message()}, HasSubstr(std::to_string(code)));
  }
}

TEST_F(OffsetCommitsTest, TheFirstErrorAboutTheMemberCounts) {
  cluster.commit = [](const Commit& request) {
    auto response = says(request, 0);
    response.topics[0].partitions[0].error_code = 3;
    response.topics[1].partitions[1].error_code = 113;
    return response;
  };

  EXPECT_EQ(attempt().outcome, Outcome::stale);
}

TEST_F(OffsetCommitsTest, AnErrorOfOnePartitionFailsTheCommit) {
  cluster.commit = [](const Commit& request) {
    auto response = says(request, 0);
    response.topics[0].partitions[0].error_code = 12;
    return response;
  };

  EXPECT_EQ(attempt().outcome, Outcome::refused);
}

TEST_F(OffsetCommitsTest, WithoutAnAnswerTheSameCommitGoesOnWaitingForIt) {
  const OffsetCommits::Attempt first = attempt();
  EXPECT_EQ(first.outcome, Outcome::repeat);
  EXPECT_TRUE(first.status.retriable());
  EXPECT_EQ(attempt().outcome, Outcome::repeat);
  EXPECT_THAT(cluster.commits, SizeIs(1)) << "sent once";
  cluster.script->answer_last(says(cluster.commits.front(), 0));

  EXPECT_EQ(attempt().outcome, Outcome::committed);
  EXPECT_THAT(cluster.commits, SizeIs(1));
}

TEST_F(OffsetCommitsTest, TheAnswerToAnotherCommitIsNotTakenForThisOne) {
  attempt(4);
  cluster.script->answer_last(says(cluster.commits.front(), 0));
  answer_with(113);

  EXPECT_EQ(attempt(5).outcome, Outcome::stale);
  EXPECT_THAT(cluster.commits, SizeIs(2));
}

TEST_F(OffsetCommitsTest, ACommitWithoutAnyAnswerIsMadeAgainOverANewConnection) {
  attempt();
  clock.advance(10s);
  EXPECT_EQ(attempt().outcome, Outcome::repeat);
  EXPECT_FALSE(cluster.script->is_open());
  answer_with(0);
  clock.advance(1s);

  EXPECT_EQ(attempt().outcome, Outcome::committed);
  EXPECT_THAT(cluster.commits, SizeIs(2));
}

TEST_F(OffsetCommitsTest, AMovedCoordinatorIsLookedForAgain) {
  answer_with(16);
  attempt();
  cluster.coordinator = {"elsewhere", 9092};
  answer_with(0);
  EXPECT_EQ(attempt().outcome, Outcome::repeat) << "a moment later";
  clock.advance(1s);

  EXPECT_EQ(attempt().outcome, Outcome::committed);
  EXPECT_EQ(cluster.script->opened.back().host, "elsewhere");
}

TEST_F(OffsetCommitsTest, AnUnreachableBrokerIsTriedAgain) {
  cluster.script->unreachable = {Endpoint{"bootstrap", 9092}};

  const OffsetCommits::Attempt done = attempt();

  EXPECT_EQ(done.outcome, Outcome::repeat);
  EXPECT_TRUE(done.status.retriable());
}

}  // namespace
}  // namespace moldau::inline v0::membership
