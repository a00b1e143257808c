#include "membership/member_protocol.h"
#include "membership/protocol_test.h"

namespace moldau::inline v0::membership {
namespace {

using ::testing::IsEmpty;
using Describe = MemberProtocol::Describe;
using Kind = MembershipEvent::Kind;

// A lost answer may have carried an assignment, and the group does not repeat it.
class MemberRecovery : public ProtocolTest {
 protected:
  // The answer to a heartbeat of a settled member is lost.
  void lose_an_answer(const OwnedTasks& owned) {
    settle(owned);
    beat();
    protocol.unanswered(now);
    ASSERT_EQ(protocol.state(), State::recovering);
  }
};

TEST_F(MemberRecovery, ALostAnswerToAJoinIsHadByJoiningAgain) {
  protocol.join({}, now);
  beat();
  protocol.unanswered(now);

  EXPECT_EQ(beat().member_epoch, 0);
  answer(assigns(2, active({{0, 0}})));
  EXPECT_EQ(event().target, active({{0, 0}}));
}

TEST_F(MemberRecovery, SaysWhatIsOwnedAndAsksForTheRest) {
  lose_an_answer(active({{0, 0}}));

  const auto question = beat();
  EXPECT_EQ(question.member_epoch, 3);
  EXPECT_EQ(listed(question), active({{0, 0}}));
  EXPECT_FALSE(question.topology) << "only a join carries a topology";
  answer(unchanged(4));
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{3}) << "nothing is known of its tasks yet";
  const auto description = std::get<Describe>(next());
  EXPECT_EQ(description.group_ids, std::vector<std::string>{"g"});
  answer(describes(4, active({{0, 0}, {0, 1}})));

  EXPECT_EQ(event().target, active({{0, 0}, {0, 1}}));
  acknowledge(active({{0, 0}, {0, 1}}));
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{4});
  EXPECT_EQ(listed(beat()), active({{0, 0}, {0, 1}}));
  answer(unchanged(4));
  EXPECT_EQ(protocol.state(), State::stable);
}

TEST_F(MemberRecovery, ARevocationThatWasLostIsFound) {
  lose_an_answer(active({{0, 0}, {0, 1}}));
  beat();
  answer(unchanged(3));
  next();
  answer(describes(3, active({{0, 0}})));

  EXPECT_EQ(event().target, active({{0, 0}}));
}

TEST_F(MemberRecovery, NothingHappensIfNothingWasLost) {
  lose_an_answer(active({{0, 0}}));
  beat();
  answer(unchanged(5));
  next();
  answer(describes(5, active({{0, 0}})));

  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(protocol.state(), State::stable);
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{5});
}

TEST_F(MemberRecovery, AnAnswerWithTasksNeedsNoDescription) {
  lose_an_answer(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 7}})));

  EXPECT_EQ(event().target, active({{0, 7}}));
}

TEST_F(MemberRecovery, TheQuestionIsRepeatedUntilItIsAnswered) {
  lose_an_answer(active({{0, 0}}));
  beat();
  protocol.unanswered(now);
  EXPECT_EQ(listed(beat()), active({{0, 0}}));
  answer(unchanged(4));
  next();
  protocol.unanswered(now);
  EXPECT_EQ(listed(beat()), active({{0, 0}})) << "from the beginning: the group may have moved on";
}

TEST_F(MemberRecovery, ALostAcknowledgementIsRepeatedByTheQuestion) {
  settle(active({{0, 0}, {0, 1}}));
  beat();
  answer(assigns(3, active({{0, 0}})));
  event();
  acknowledge(active({{0, 0}}));
  beat();
  protocol.unanswered(now);

  EXPECT_EQ(listed(beat()), active({{0, 0}}));
}

TEST_F(MemberRecovery, AnAcknowledgementThatComesBetweenQuestionAndDescriptionIsSent) {
  settle(active({{0, 0}, {0, 1}}));
  beat();
  answer(assigns(3, active({{0, 0}})));
  event();
  beat();
  protocol.unanswered(now);
  EXPECT_EQ(listed(beat()), active({{0, 0}, {0, 1}})) << "not given up yet";
  acknowledge(active({{0, 0}}));
  answer(unchanged(3));
  next();
  answer(describes(3, active({{0, 0}})));

  EXPECT_EQ(listed(beat()), active({{0, 0}}));
}

TEST_F(MemberRecovery, ADescriptionOfAnotherEpochIsAskedForAgain) {
  lose_an_answer(active({{0, 0}}));
  beat();
  answer(unchanged(4));
  next();
  answer(describes(5, active({{0, 1}})));

  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(listed(beat()), active({{0, 0}}));
  answer(unchanged(5));
  next();
  answer(describes(5, active({{0, 1}})));
  EXPECT_EQ(event().target, active({{0, 1}}));
}

TEST_F(MemberRecovery, WithoutADescriptionTheMemberSuspendsEverythingAndJoinsAgain) {
  auto refused = describes(4, {});
  refused.groups.front().error_code = 30;
  Describe::Response silent;
  for (const Describe::Response& useless :
       {refused, silent, describes(4, active({{0, 0}}), "somebody else")}) {
    lose_an_answer(active({{0, 0}, {0, 1}}));
    beat();
    answer(unchanged(4));
    next();
    answer(useless);

    const MembershipEvent suspend = event();
    EXPECT_EQ(suspend.kind, Kind::assigned);
    EXPECT_EQ(suspend.target, OwnedTasks{});
    EXPECT_EQ(listed(beat()), active({{0, 0}, {0, 1}})) << "still owned: the session goes on";
    answer(unchanged(4));

    acknowledge({});
    const auto join = beat();
    EXPECT_EQ(join.member_epoch, 0);
    EXPECT_EQ(join.member_id, "m");
    EXPECT_TRUE(join.topology);
    answer(assigns(4, active({{0, 0}})));
    EXPECT_EQ(event().target, active({{0, 0}}));
    acknowledge(active({{0, 0}}));
    EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{4});
    protocol.leave(now);
    beat();
    answer(unchanged(-1));
  }
}

TEST_F(MemberRecovery, AMemberWithoutTasksJoinsAgainAtOnce) {
  lose_an_answer({});
  beat();
  answer(unchanged(4));
  next();
  answer(Describe::Response{});

  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberRecovery, SuspendingWaitsForTheAnswerToAnAssignment) {
  settle(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 0}, {0, 1}})));
  event();
  beat();
  protocol.unanswered(now);
  beat();
  answer(unchanged(4));
  next();
  answer(Describe::Response{});
  EXPECT_THAT(events(), IsEmpty());

  acknowledge(active({{0, 0}, {0, 1}}));

  EXPECT_EQ(event().target, OwnedTasks{});
  acknowledge({});
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberRecovery, ADescriptionFromABusyCoordinatorIsAskedForAgain) {
  lose_an_answer(active({{0, 0}}));
  beat();
  answer(unchanged(4));
  next();
  auto moved = describes(4, {});
  moved.groups.front().error_code = 16;

  EXPECT_EQ(answer(moved), Advice::find_coordinator);
  EXPECT_TRUE(std::holds_alternative<Describe>(next()));
}

TEST_F(MemberRecovery, AMemberThatIsFencedWhileItAsksLosesItsTasks) {
  lose_an_answer(active({{0, 0}}));
  beat();
  answer(error(110));

  EXPECT_EQ(event().kind, Kind::lost);
}

}  // namespace
}  // namespace moldau::inline v0::membership
