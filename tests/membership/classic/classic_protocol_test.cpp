#include "membership/classic/classic_protocol.h"

#include "kafka/wire/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace moldau::inline v0::membership::classic {

namespace {

using namespace std::chrono_literals;
using kafka::MembershipEvent;
using kafka::OwnedTasks;
using ::testing::HasSubstr;
using Kind = MembershipEvent::Kind;
using State = ClassicProtocol::State;
using Advice = Advice;
using Verdict = AssignmentData::Verdict;
namespace error_code = kafka::wire::error_code;

OwnedTasks active(std::initializer_list<int> partitions) {
  OwnedTasks tasks;
  for (const int partition : partitions) {
    tasks.active.insert({SubtopologyId{0}, PartitionId{partition}});
  }
  return tasks;
}

kafka::Subscription reads(const std::string& topic) {
  kafka::Subtopology part;
  part.id = SubtopologyId{0};
  part.source_topics = {topic};
  return {{part}};
}

// A member whose group is played by the test.
class ClassicMember : public ::testing::Test {
 protected:
  ClassicMember() { protocol_.join(reads("in"), now_); }

  template <class Request>
  Request next() {
    return std::get<Request>(protocol_.next_request(now_));
  }
  [[nodiscard]] bool wants(Clock::Steady at) const {
    return protocol_.request_due() && *protocol_.request_due() <= at;
  }
  // What the member says of itself with its next join.
  SubscriptionData next_join() {
    const auto data =
        decode_subscription(Bytes{next<ClassicProtocol::Join>().protocols.front().metadata});
    EXPECT_TRUE(data.ok()) << data.error().message();
    return *data;
  }
  Advice joined(int generation, const std::string& leader = "other") {
    ClassicProtocol::Join::Response answer;
    answer.generation_id = generation;
    answer.protocol_name = std::string{protocol_name};
    answer.member_id = "member";
    answer.leader = leader;
    if (leader == "member") answer.members = {{"member", "instance", "metadata"}};
    return protocol_.answered(answer, now_);
  }
  void assigned(const OwnedTasks& tasks, std::int64_t nonce, Verdict verdict = Verdict::tasks,
                std::string detail = {}) {
    next<ClassicProtocol::Sync>();
    AssignmentData data;
    data.verdict = verdict;
    data.nonce = nonce;
    data.topology = topology_digest(reads("in"));
    data.tasks = tasks;
    data.detail = std::move(detail);
    protocol_.answered(ClassicProtocol::Sync::Response{.assignment = encode(data)}, now_);
  }
  void heartbeat_answered(std::int16_t code) {
    now_ += 3s;
    next<ClassicProtocol::Heartbeat>();
    protocol_.answered(ClassicProtocol::Heartbeat::Response{.error_code = code}, now_);
  }
  // Runs these tasks in generation 1.
  void settle(const OwnedTasks& tasks) {
    const std::int64_t nonce = next_join().nonce;
    joined(1);
    assigned(tasks, nonce);
    static_cast<void>(protocol_.poll(now_));
    protocol_.acknowledge(tasks, now_);
    ASSERT_EQ(protocol_.state(), State::stable);
  }
  std::optional<MembershipEvent> event(Kind kind) {
    for (MembershipEvent& each : protocol_.poll(now_)) {
      if (each.kind == kind) return std::move(each);
    }
    return std::nullopt;
  }

  Clock::Steady now_{1h};
  std::shared_ptr<std::atomic<bool>> holds_place_ = std::make_shared<std::atomic<bool>>(false);
  ClassicProtocol protocol_{{.group_id = "app",
                             .instance_id = "process-1",
                             .process_id = "process",
                             .rebalance_timeout = 60s,
                             .session_timeout = 45s,
                             .heartbeat_interval = 3s,
                             .first_nonce = 100,
                             .stored = {},
                             .holds_place = holds_place_}};
};

TEST_F(ClassicMember, JoinsUnderItsInstanceIdAndSaysWhatItReads) {
  const auto join = next<ClassicProtocol::Join>();

  EXPECT_EQ(join.member_id, "");
  EXPECT_EQ(join.group_instance_id, "process-1");
  EXPECT_EQ(join.protocol_type, "consumer");
  EXPECT_EQ(join.session_timeout_ms, 45'000);
  EXPECT_EQ(join.rebalance_timeout_ms, 60'000);
  const auto data = decode_subscription(Bytes{join.protocols.front().metadata});
  EXPECT_THAT(data->topics, ::testing::ElementsAre("in"));
  EXPECT_EQ(data->owned, OwnedTasks{});
}

TEST_F(ClassicMember, RunsWhatItIsToldInTheGenerationOfTheJoin) {
  settle(active({0, 1}));

  EXPECT_EQ(protocol_.snapshot().epoch, MemberEpoch{1});
  EXPECT_EQ(protocol_.snapshot().member_id, "member");
  EXPECT_EQ(protocol_.snapshot().owned, active({0, 1}));
  EXPECT_FALSE(wants(now_ + 2s));
  EXPECT_TRUE(wants(now_ + 3s));
}

TEST_F(ClassicMember, AMemberIdThatTheCoordinatorGivesIsJoinedWith) {
  next<ClassicProtocol::Join>();
  ClassicProtocol::Join::Response answer;
  answer.error_code = error_code::member_id_required;
  answer.member_id = "given";
  protocol_.answered(answer, now_);

  EXPECT_EQ(next<ClassicProtocol::Join>().member_id, "given");
}

TEST_F(ClassicMember, JoinsARebalanceWithItsTasksAndGoesOnWithThem) {
  settle(active({0, 1}));

  heartbeat_answered(error_code::rebalance_in_progress);

  EXPECT_EQ(next_join().owned, active({0, 1}));
  EXPECT_TRUE(protocol_.poll(now_).empty());
  EXPECT_EQ(protocol_.snapshot().owned, active({0, 1}));
  joined(2);
  EXPECT_EQ(protocol_.snapshot().epoch, MemberEpoch{2}) << "commits of what is owned go on";
}

TEST_F(ClassicMember, ATaskIsGivenUpByAnAcknowledgementAndThenTheGroupIsTold) {
  settle(active({0, 1}));
  heartbeat_answered(error_code::rebalance_in_progress);
  const SubscriptionData said = next_join();
  joined(2);
  assigned(active({0}), said.nonce);
  ASSERT_EQ(event(Kind::assigned)->target, active({0}));
  EXPECT_EQ(protocol_.snapshot().owned, active({0, 1}));
  EXPECT_EQ(protocol_.state(), State::stable) << "nothing is said before the acknowledgement";

  protocol_.acknowledge(active({0}), now_);

  const SubscriptionData again = next_join();
  EXPECT_EQ(again.owned, active({0}));
  EXPECT_NE(again.nonce, said.nonce) << "or the coordinator would answer with what it has";
}

TEST_F(ClassicMember, WhatTheThreadMayBeTakingOverIsClaimedToo) {
  settle(active({0}));
  heartbeat_answered(error_code::rebalance_in_progress);
  const std::int64_t nonce = next_join().nonce;
  joined(2);
  assigned(active({0, 1}), nonce);
  ASSERT_TRUE(event(Kind::assigned));  // seen, not acknowledged

  heartbeat_answered(error_code::rebalance_in_progress);

  EXPECT_EQ(next_join().owned, active({0, 1}));
  // The next assignment takes it back: that is a task to give up, not one never had.
  joined(3);
  assigned(active({0}), nonce);
  protocol_.acknowledge(active({0, 1}), now_);
  EXPECT_EQ(event(Kind::assigned)->target, active({0}));
}

TEST_F(ClassicMember, AnAssignmentThatIsOlderThanTheJoinIsRunAndAskedForAgain) {
  next_join();
  joined(4);
  assigned(active({0}), 5);  // of the process before this one

  EXPECT_EQ(event(Kind::assigned)->target, active({0}));
  protocol_.acknowledge(active({0}), now_);
  protocol_.tick(now_);

  EXPECT_EQ(protocol_.state(), State::joining);
  EXPECT_EQ(next_join().owned, active({0}));
}

TEST_F(ClassicMember, AForgottenMemberLosesItsTasksAndJoinsAsANewOne) {
  settle(active({0}));

  heartbeat_answered(error_code::unknown_member_id);

  ASSERT_TRUE(event(Kind::lost));
  EXPECT_FALSE(protocol_.request_due()) << "nothing before the thread has given up";
  protocol_.acknowledge({}, now_);
  const auto join = next<ClassicProtocol::Join>();
  EXPECT_EQ(join.member_id, "");
  EXPECT_EQ(decode_subscription(Bytes{join.protocols.front().metadata})->owned, OwnedTasks{});
}

TEST_F(ClassicMember, AThreadThatIsAtWorkOnItsAssignmentIsToldAtOnceThatItIsLost) {
  settle(active({0}));
  heartbeat_answered(error_code::rebalance_in_progress);
  const std::int64_t nonce = next_join().nonce;
  joined(2);
  assigned(active({0, 1}), nonce);
  ASSERT_TRUE(event(Kind::assigned));  // seen, not acknowledged

  heartbeat_answered(error_code::unknown_member_id);

  protocol_.acknowledge(active({0, 1}), now_);
  EXPECT_FALSE(protocol_.request_due()) << "it has not seen yet that it is lost";
  EXPECT_TRUE(event(Kind::lost));
  protocol_.acknowledge({}, now_);
  EXPECT_TRUE(protocol_.request_due());
}

TEST_F(ClassicMember, AGenerationThatIsTooOldIsNoLoss) {
  settle(active({0}));

  heartbeat_answered(error_code::illegal_generation);

  EXPECT_FALSE(event(Kind::lost));
  EXPECT_EQ(next_join().owned, active({0}));
}

TEST_F(ClassicMember, AnotherMemberOfTheSameInstanceIdIsFatal) {
  settle(active({0}));

  heartbeat_answered(error_code::fenced_instance_id);

  const auto fatal = event(Kind::fatal);
  ASSERT_TRUE(fatal);
  EXPECT_THAT(std::string{fatal->status.message()}, HasSubstr("state.dir"));
}

TEST_F(ClassicMember, MembersOfAnotherProtocolAreNamed) {
  next<ClassicProtocol::Join>();
  ClassicProtocol::Join::Response answer;
  answer.error_code = error_code::inconsistent_group_protocol;
  protocol_.answered(answer, now_);

  EXPECT_THAT(std::string{event(Kind::fatal)->status.message()},
              ::testing::AllOf(HasSubstr("not of this library"), HasSubstr("application.id")));
}

TEST_F(ClassicMember, ACoordinatorThatMovedIsLookedForAndAskedTheSame) {
  settle(active({0}));
  now_ += 3s;
  next<ClassicProtocol::Heartbeat>();

  const Advice advice = protocol_.answered(
      ClassicProtocol::Heartbeat::Response{.error_code = error_code::not_coordinator}, now_);

  EXPECT_EQ(advice, Advice::find_coordinator);
  EXPECT_EQ(protocol_.state(), State::stable);
  EXPECT_TRUE(wants(now_));
}

TEST_F(ClassicMember, TheSessionEndsWithoutAnswers) {
  settle(active({0}));

  now_ += 45s;
  protocol_.tick(now_);

  EXPECT_TRUE(event(Kind::lost));
}

TEST_F(ClassicMember, WhileAJoinWaitsForOthersTheSessionDoesNotEnd) {
  settle(active({0}));
  heartbeat_answered(error_code::rebalance_in_progress);
  next<ClassicProtocol::Join>();

  now_ += 50s;
  static_cast<void>(protocol_.poll(now_));
  protocol_.tick(now_);

  EXPECT_EQ(protocol_.state(), State::joining);
}

TEST_F(ClassicMember, AThreadThatStandsStillLeaves) {
  settle(active({0}));
  heartbeat_answered(error_code::none);

  now_ += 60s;
  heartbeat_answered(error_code::none);
  protocol_.tick(now_);

  EXPECT_EQ(next<ClassicProtocol::Leave>().members.front().member_id, "member");
  EXPECT_THAT(event(Kind::lost)->detail, HasSubstr("max.poll.interval.ms"));
}

TEST_F(ClassicMember, AStaleCommitIsRepeatedInTheNewGenerationOfWhatIsOwned) {
  settle(active({0}));
  const kafka::MemberSnapshot before = protocol_.snapshot();
  heartbeat_answered(error_code::rebalance_in_progress);
  using Stale = StaleCommit::Verdict;

  EXPECT_EQ(protocol_.commit_was_stale(before, before.epoch, now_).verdict, Stale::ask_later);
  next<ClassicProtocol::Join>();
  joined(2);
  const auto stale = protocol_.commit_was_stale(before, before.epoch, now_);
  EXPECT_EQ(stale.verdict, Stale::repeat);
  EXPECT_EQ(stale.epoch, MemberEpoch{2});

  kafka::MemberSnapshot other = before;
  other.owned = active({7});
  EXPECT_EQ(protocol_.commit_was_stale(other, other.epoch, now_).verdict, Stale::fenced);
}

TEST_F(ClassicMember, ALeaderHandsItsAssignmentsOver) {
  next<ClassicProtocol::Join>();
  joined(1, "member");

  ASSERT_NE(protocol_.to_lead(), nullptr);
  EXPECT_FALSE(protocol_.request_due());
  protocol_.lead({{.member_id = "member", .assignment = "bytes"}}, now_);

  EXPECT_EQ(next<ClassicProtocol::Sync>().assignments.size(), 1U);
}

TEST_F(ClassicMember, MissingTopicsAreToldAndAskedForAgain) {
  const std::int64_t nonce = next_join().nonce;
  joined(1);
  assigned({}, nonce, Verdict::missing_topics, "in");

  EXPECT_THAT(event(Kind::missing_topics)->detail, HasSubstr("in"));
  now_ += 15s;
  protocol_.tick(now_);
  EXPECT_EQ(protocol_.state(), State::joining);
}

TEST_F(ClassicMember, WhoIsRefusedLeavesAtOnce) {
  const std::int64_t nonce = next_join().nonce;
  joined(1);
  assigned({}, nonce, Verdict::refused, "another topology");

  EXPECT_THAT(std::string{event(Kind::fatal)->status.message()}, HasSubstr("another topology"));
  EXPECT_EQ(next<ClassicProtocol::Leave>().group_id, "app");
}

TEST_F(ClassicMember, AWishThatEverybodyStopsIsSaidBeforeItLeaves) {
  settle(active({0}));
  protocol_.ask_for_shutdown(now_);
  protocol_.leave(now_);

  const SubscriptionData said = next_join();
  EXPECT_TRUE(said.asks_for_shutdown);
  EXPECT_EQ(said.owned, OwnedTasks{}) << "its tasks are closed";
  joined(2);
  assigned({}, said.nonce);

  EXPECT_EQ(protocol_.state(), State::leaving);
  next<ClassicProtocol::Leave>();
  protocol_.answered(ClassicProtocol::Leave::Response{}, now_);
  EXPECT_EQ(protocol_.state(), State::unjoined);
}

TEST_F(ClassicMember, WhoHoldsItsPlaceGoesWithoutAWord) {
  settle(active({0}));
  holds_place_->store(true);

  protocol_.leave(now_);

  EXPECT_EQ(protocol_.state(), State::unjoined);
  EXPECT_FALSE(protocol_.request_due());
}

TEST_F(ClassicMember, AJoinThatWaitsIsAbandonedToLeave) {
  settle(active({0}));
  heartbeat_answered(error_code::rebalance_in_progress);
  next<ClassicProtocol::Join>();

  protocol_.leave(now_);

  EXPECT_TRUE(protocol_.abandons());
  protocol_.unanswered(now_);
  EXPECT_EQ(next<ClassicProtocol::Leave>().members.front().group_instance_id, "process-1");
}

}  // namespace

}  // namespace moldau::inline v0::membership::classic
