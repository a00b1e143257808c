#include "membership/member_protocol.h"
#include "membership/protocol_test.h"

namespace moldau::inline v0::membership {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = MembershipEvent::Kind;

class MemberRefusals : public ProtocolTest {
 protected:
  std::string fatal_message() {
    const MembershipEvent fatal = event();
    EXPECT_EQ(fatal.kind, Kind::fatal);
    EXPECT_EQ(protocol.state(), State::fatal);
    return std::string{fatal.status.message()};
  }
};

TEST_F(MemberRefusals, ACoordinatorThatLoadsIsAskedAgainInAMoment) {
  protocol.join({}, now);
  beat();

  EXPECT_EQ(answer(error(14)), Advice::back_off);
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberRefusals, AnAcknowledgementThatIsRefusedWithoutEffectIsSentAgain) {
  protocol.join({}, now);
  beat();
  answer(assigns(2, active({{0, 0}})));
  event();
  acknowledge(active({{0, 0}}));
  beat();

  EXPECT_EQ(answer(error(16)), Advice::find_coordinator);

  const auto again = beat();
  EXPECT_EQ(again.member_epoch, 2) << "the membership goes on with the same epoch";
  EXPECT_EQ(listed(again), active({{0, 0}}));
}

TEST_F(MemberRefusals, ACoordinatorThatMovedChangesNothingForTheMember) {
  settle(active({{0, 0}}));
  beat();

  EXPECT_EQ(answer(error(16)), Advice::find_coordinator);

  EXPECT_THAT(events(), IsEmpty());
  const auto again = beat();
  EXPECT_EQ(again.member_epoch, 3);
  EXPECT_TRUE(lists_nothing(again));
}

TEST_F(MemberRefusals, ACoordinatorThatIsNotAvailableMayHaveDoneWhatItWasAsked) {
  settle(active({{0, 0}}));
  beat();

  EXPECT_EQ(answer(error(15)), Advice::find_coordinator);

  EXPECT_EQ(protocol.state(), State::recovering);
  EXPECT_EQ(listed(beat()), active({{0, 0}}));
}

TEST_F(MemberRefusals, AFencedMemberLosesItsTasksAndJoinsAgainUnderItsId) {
  for (const int code : {110, 25, 69}) {
    SCOPED_TRACE(code);
    settle(active({{0, 0}}));
    beat();
    answer(error(code));

    EXPECT_EQ(protocol.state(), State::fenced);
    EXPECT_FALSE(protocol.request_due()) << "not before the thread has given up its tasks";
    EXPECT_EQ(event().kind, Kind::lost);
    acknowledge({});
    EXPECT_EQ(protocol.snapshot().owned, OwnedTasks{});
    EXPECT_EQ(pause_before_next(), 0ms);
    const auto join = beat();
    EXPECT_EQ(join.member_epoch, 0);
    EXPECT_EQ(join.member_id, "m");
    EXPECT_TRUE(join.topology);
    EXPECT_EQ(listed(join), OwnedTasks{});
    protocol.unanswered(now);
    protocol.leave(now);
    beat();
    answer(unchanged(-1));
  }
}

TEST_F(MemberRefusals, ALossReplacesAnAssignmentThatNobodyHasSeen) {
  settle(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 0}, {0, 1}})));
  beat();
  answer(error(110));

  EXPECT_EQ(event().kind, Kind::lost);
}

TEST_F(MemberRefusals, AnErrorsBodyIsNotRead) {
  settle(active({{0, 0}}));
  beat();
  auto refused = error(14);
  refused.active_tasks.emplace();
  refused.standby_tasks.emplace();
  refused.warmup_tasks.emplace();
  answer(refused);

  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(beat().member_epoch, 3);
}

TEST_F(MemberRefusals, AGroupOfAnotherProtocolIsFatalToAJoin) {
  protocol.join({}, now);
  beat();
  answer(error(69));

  EXPECT_THAT(fatal_message(), AllOf(HasSubstr("another group protocol"),
                                     HasSubstr("application.id"), HasSubstr("\"g\"")));
}

TEST_F(MemberRefusals, ABrokerWithTheFeatureOffSaysWhatIsNeeded) {
  protocol.join({}, now);
  beat();
  answer(error(35));

  EXPECT_THAT(fatal_message(),
              AllOf(HasSubstr("streams.version=1"), HasSubstr("Kafka 4.2"), HasSubstr("35")));
}

TEST_F(MemberRefusals, AnotherTopologySaysHowToReset) {
  protocol.join({}, now);
  beat();
  answer(error(42, "Topology updates are not supported yet"));

  EXPECT_THAT(fatal_message(), AllOf(HasSubstr("Topology updates are not supported yet"),
                                     HasSubstr("reset the group's topology")));
}

TEST_F(MemberRefusals, WhatAskingAgainCannotHealIsFatal) {
  for (const int code : {-1, 30, 81, 130, 131, 132, 111, 999}) {
    SCOPED_TRACE(code);
    MemberProtocol member{{.group_id = "g", .member_id = "m", .process_id = "p"}};
    member.join({}, now);
    static_cast<void>(member.next_request(now));
    member.answered(error(code, "the broker's words"), now);

    EXPECT_EQ(member.state(), State::fatal);
    const auto told = member.poll(now);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_THAT(std::string{told.front().status.message()}, HasSubstr("the broker's words"));
    EXPECT_FALSE(member.request_due());
  }
}

TEST_F(MemberRefusals, ATopicThatMayNotBeReadIsReportedAndTriedAgain) {
  protocol.join({}, now);
  beat();
  answer(error(29, "not authorized: words"));

  const MembershipEvent waiting = event();
  EXPECT_EQ(waiting.kind, Kind::waiting);
  EXPECT_THAT(waiting.detail, AllOf(HasSubstr("not authorized: words"), HasSubstr("DESCRIBE")));
  EXPECT_EQ(pause_before_next(), 1s);
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberRefusals, AnUnusableClusterIsFatalOnlyToWhoHasNotJoined) {
  const Status why{ErrorCode::unsupported, "no streams groups here", {.fatal = true}};
  protocol.join({}, now);
  protocol.unreachable_for_good(why);
  EXPECT_THAT(fatal_message(), HasSubstr("no streams groups here"));

  protocol.leave(now);
  settle(active({{0, 0}}));
  protocol.unreachable_for_good(why);
  EXPECT_EQ(protocol.state(), State::stable);
}

class StaleCommits : public ProtocolTest {
 protected:
  using Verdict = StaleCommit::Verdict;
};

TEST_F(StaleCommits, AreRepeatedInTheNewEpochWhileTheTasksAreOwned) {
  settle(active({{0, 0}}), 3);
  const kafka::MemberSnapshot as = protocol.snapshot();
  beat();
  answer(unchanged(4));

  const auto stale = protocol.commit_was_stale(as, MemberEpoch{3}, now);

  EXPECT_EQ(stale.verdict, Verdict::repeat);
  EXPECT_EQ(stale.epoch, MemberEpoch{4});
}

TEST_F(StaleCommits, AreRepeatedWhileARevocationIsNotAcknowledged) {
  settle(active({{0, 0}, {0, 1}}), 3);
  const kafka::MemberSnapshot as = protocol.snapshot();
  beat();
  answer(unchanged(4));
  beat();
  answer(assigns(4, active({{0, 0}})));
  event();

  EXPECT_EQ(protocol.commit_was_stale(as, MemberEpoch{3}, now).verdict, Verdict::repeat);
}

TEST_F(StaleCommits, AskTheGroupWhenNoNewerEpochIsKnown) {
  settle(active({{0, 0}}), 3);

  EXPECT_EQ(protocol.commit_was_stale(protocol.snapshot(), MemberEpoch{3}, now).verdict,
            Verdict::ask_later);
  EXPECT_EQ(pause_before_next(), 0ms) << "the next heartbeat leaves at once";
}

TEST_F(StaleCommits, WaitWhileAnAnswerIsMissing) {
  settle(active({{0, 0}}), 3);
  const kafka::MemberSnapshot as = protocol.snapshot();
  beat();
  protocol.unanswered(now);

  EXPECT_EQ(protocol.commit_was_stale(as, MemberEpoch{2}, now).verdict, Verdict::ask_later);
}

TEST_F(StaleCommits, AreFencedOnceTheTasksAreGone) {
  settle(active({{0, 0}, {0, 1}}), 3);
  const kafka::MemberSnapshot as = protocol.snapshot();
  beat();
  answer(assigns(4, active({{0, 0}})));
  event();
  acknowledge(active({{0, 0}}));
  EXPECT_EQ(protocol.commit_was_stale(as, MemberEpoch{3}, now).verdict, Verdict::fenced);

  beat();
  answer(error(110));
  EXPECT_EQ(protocol.commit_was_stale(protocol.snapshot(), MemberEpoch{4}, now).verdict,
            Verdict::fenced);
}

}  // namespace
}  // namespace moldau::inline v0::membership
