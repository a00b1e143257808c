#include "membership/member_protocol.h"

#include "membership/protocol_test.h"

namespace moldau::inline v0::membership {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = MembershipEvent::Kind;

class MemberProtocolTest : public ProtocolTest {};

TEST_F(MemberProtocolTest, AJoinSaysEverythingAndOwnsNothing) {
  kafka::wire::Topology topology;
  topology.subtopologies.emplace_back().subtopology_id = "0";

  protocol.join(topology, now);
  const auto join = beat();

  EXPECT_EQ(join.group_id, "g");
  EXPECT_EQ(join.member_id, "m");
  EXPECT_EQ(join.member_epoch, 0);
  EXPECT_EQ(join.endpoint_information_epoch, -1);
  EXPECT_EQ(join.rebalance_timeout_ms, 300'000);
  EXPECT_EQ(join.topology, topology);
  EXPECT_EQ(listed(join), OwnedTasks{});
  EXPECT_EQ(join.process_id, "p");
  EXPECT_TRUE(join.client_tags);
  EXPECT_FALSE(join.instance_id);
  EXPECT_FALSE(join.rack_id);
  EXPECT_FALSE(join.task_offsets);
  EXPECT_FALSE(join.shutdown_application);
  EXPECT_EQ(protocol.state(), State::joining);
}

TEST_F(MemberProtocolTest, TheAnswerToAJoinIsAnAssignmentThatTheAcknowledgementPublishes) {
  protocol.join({}, now);
  beat();
  answer(assigns(2, {.active = tasks({{0, 0}, {1, 0}}), .standby = tasks({{1, 1}})}));

  const MembershipEvent assigned = event();
  EXPECT_EQ(assigned.kind, Kind::assigned);
  EXPECT_EQ(assigned.target.active, tasks({{0, 0}, {1, 0}}));
  EXPECT_EQ(assigned.target.standby, tasks({{1, 1}}));
  EXPECT_EQ(protocol.state(), State::reconciling);
  EXPECT_EQ(protocol.snapshot().owned, OwnedTasks{});

  acknowledge(assigned.target);

  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{2});
  EXPECT_EQ(protocol.snapshot().owned, assigned.target);
  EXPECT_EQ(protocol.snapshot().member_id, "m");
  EXPECT_EQ(pause_before_next(), 0ms);
  const auto acknowledgement = beat();
  EXPECT_EQ(acknowledgement.member_epoch, 2);
  EXPECT_EQ(listed(acknowledgement), assigned.target);
  EXPECT_FALSE(acknowledgement.topology);
  EXPECT_FALSE(acknowledgement.process_id);
  EXPECT_EQ(acknowledgement.rebalance_timeout_ms, -1);
  answer(unchanged(2));
  EXPECT_EQ(protocol.state(), State::stable);
  EXPECT_TRUE(lists_nothing(beat()));
}

TEST_F(MemberProtocolTest, NothingIsGivenAwayBeforeTheThreadHasAcknowledged) {
  settle(active({{0, 0}, {0, 1}}));
  beat();
  answer(assigns(3, active({{0, 0}})));
  const MembershipEvent revoked = event();
  EXPECT_EQ(revoked.target, active({{0, 0}}));

  for (int times = 0; times < 3; ++times) {
    EXPECT_TRUE(lists_nothing(beat())) << "a heartbeat with lists acknowledges";
    answer(unchanged(3));
  }
  EXPECT_EQ(protocol.snapshot().owned, active({{0, 0}, {0, 1}}));

  acknowledge(active({{0, 0}}));

  EXPECT_EQ(listed(beat()), active({{0, 0}}));
}

TEST_F(MemberProtocolTest, TheAnswerToAnAcknowledgementMayAddTasks) {
  settle(active({{0, 0}, {0, 1}}));
  beat();
  answer(assigns(3, active({{0, 0}})));
  event();
  acknowledge(active({{0, 0}}));
  beat();

  answer(assigns(4, active({{0, 0}, {0, 2}})));

  EXPECT_EQ(event().target, active({{0, 0}, {0, 2}}));
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{3}) << "epoch of the tasks that are run";
  acknowledge(active({{0, 0}, {0, 2}}));
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{4});
  EXPECT_EQ(listed(beat()), active({{0, 0}, {0, 2}}));
}

TEST_F(MemberProtocolTest, ANewerAssignmentReplacesOneThatNobodyHasSeen) {
  settle(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 0}, {0, 1}})));
  beat();
  answer(assigns(5, active({{0, 0}, {0, 2}})));

  EXPECT_EQ(event().target, active({{0, 0}, {0, 2}}));
}

TEST_F(MemberProtocolTest, AnAssignmentThatIsTakenBackUnseenIsNeverTold) {
  settle(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 0}, {0, 1}})));
  beat();
  answer(assigns(5, active({{0, 0}})));

  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(protocol.state(), State::stable);
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{5});
  EXPECT_EQ(listed(beat()), active({{0, 0}}));
}

TEST_F(MemberProtocolTest, ANewerAssignmentWaitsForTheAnswerToTheOneBefore) {
  settle(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 0}, {0, 1}})));
  event();
  beat();
  answer(assigns(5, active({{0, 0}, {0, 1}, {0, 2}})));
  EXPECT_THAT(events(), IsEmpty());

  acknowledge(active({{0, 0}, {0, 1}}));

  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{4});
  EXPECT_EQ(event().target, active({{0, 0}, {0, 1}, {0, 2}}));
  EXPECT_EQ(listed(beat()), active({{0, 0}, {0, 1}}));
  answer(unchanged(5));
  acknowledge(active({{0, 0}, {0, 1}, {0, 2}}));
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{5});
}

TEST_F(MemberProtocolTest, AnEpochThatMovesWithoutTasksIsPublished) {
  settle(active({{0, 0}}), 3);
  beat();
  answer(unchanged(4));

  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{4});
  EXPECT_EQ(protocol.snapshot().owned, active({{0, 0}}));
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(beat().member_epoch, 4);
}

TEST_F(MemberProtocolTest, AnEpochThatMovesWhileAnAssignmentIsOutIsPublishedWithItsAnswer) {
  settle(active({{0, 0}}), 3);
  beat();
  answer(assigns(4, active({{0, 0}, {0, 1}})));
  event();
  beat();
  answer(unchanged(5));
  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{3});

  acknowledge(active({{0, 0}, {0, 1}}));

  EXPECT_EQ(protocol.snapshot().epoch, MemberEpoch{5});
}

TEST_F(MemberProtocolTest, AnEmptyAssignmentIsToldOnceNothingDelaysTheGroup) {
  protocol.join({}, now);
  beat();
  answer(with_status(assigns(1, {}), 5, "Assignment delayed"));
  EXPECT_EQ(event().kind, Kind::waiting);
  EXPECT_LE(pause_before_next(), 500ms);
  beat();
  answer(with_status(unchanged(1), 5, "Assignment delayed"));
  EXPECT_THAT(events(), IsEmpty()) << "said once";

  beat();
  answer(unchanged(2));

  const MembershipEvent assigned = event();
  EXPECT_EQ(assigned.kind, Kind::assigned);
  EXPECT_EQ(assigned.target, OwnedTasks{});
}

TEST_F(MemberProtocolTest, TheEndpointEpochIsEchoed) {
  protocol.join({}, now);
  beat();
  auto assignment = assigns(2, {});
  assignment.endpoint_information_epoch = 17;
  answer(assignment);

  EXPECT_EQ(beat().endpoint_information_epoch, 17);
}

TEST_F(MemberProtocolTest, AsksOftenWhileSomethingGoesOnAndRarelyOtherwise) {
  settle(active({{0, 0}}));
  EXPECT_EQ(pause_before_next(), 3s);
  beat();
  answer(unchanged(4));
  EXPECT_EQ(pause_before_next(), 1s) << "others may still give tasks away";
  now += 10s;
  beat();
  answer(unchanged(4));
  EXPECT_EQ(pause_before_next(), 3s);
  beat();
  answer(with_status(unchanged(4), 1));
  EXPECT_EQ(pause_before_next(), 1s);
  beat();
  auto soon = unchanged(4);
  soon.heartbeat_interval_ms = 200;
  answer(soon);
  EXPECT_EQ(pause_before_next(), 200ms) << "the broker's interval is the longest pause";
}

TEST_F(MemberProtocolTest, AsksTwiceASecondWhileItStandsByForOthers) {
  settle({.active = tasks({{0, 0}}), .standby = tasks({{0, 1}})});
  EXPECT_EQ(pause_before_next(), 500ms);

  auto fast = unchanged(3);
  fast.heartbeat_interval_ms = 200;
  beat();
  answer(fast);
  EXPECT_EQ(pause_before_next(), 200ms) << "the broker's interval is the longest pause";
}

TEST_F(MemberProtocolTest, AsksAtOnceForTheTasksWhoseStandbysItGaveUp) {
  const OwnedTasks running = active({{0, 0}});
  settle({.active = running.active, .standby = tasks({{0, 1}})});
  beat();
  answer(assigns(4, running));
  events();
  acknowledge(running);
  beat();
  answer(unchanged(4));
  EXPECT_EQ(pause_before_next(), 100ms) << "the task of the standby comes with the next answer";

  beat();
  answer(unchanged(4));
  EXPECT_EQ(pause_before_next(), 1s) << "or it went to another member";
}

TEST_F(MemberProtocolTest, RemembersStandbysThatItGaveUpUntilTheGroupHasHeardOfIt) {
  const OwnedTasks running = active({{0, 0}});
  const OwnedTasks more = active({{0, 0}, {0, 2}});
  settle({.active = running.active, .standby = tasks({{0, 1}})});
  beat();
  answer(assigns(4, running));
  events();
  beat();
  acknowledge(running);
  answer(assigns(5, more));
  events();
  acknowledge(more);
  beat();
  answer(unchanged(5));

  EXPECT_EQ(pause_before_next(), 100ms);
}

TEST_F(MemberProtocolTest, NoStatusListMeansUnchanged) {
  settle(active({{0, 0}}));
  beat();
  answer(with_status(unchanged(3), 1));
  events();
  beat();
  auto silent = unchanged(3);
  silent.status.reset();
  answer(silent);

  EXPECT_EQ(pause_before_next(), 1s);
}

TEST_F(MemberProtocolTest, LeavingIsSaidOnceAndEndsWithTheAnswer) {
  settle(active({{0, 0}}));
  protocol.leave(now);

  EXPECT_EQ(protocol.state(), State::leaving);
  const auto leave = beat();
  EXPECT_EQ(leave.member_epoch, -1);
  EXPECT_TRUE(lists_nothing(leave));
  answer(unchanged(-1));
  EXPECT_EQ(protocol.state(), State::unjoined);
  EXPECT_FALSE(protocol.request_due());
  EXPECT_EQ(protocol.snapshot().owned, OwnedTasks{});
}

TEST_F(MemberProtocolTest, AShutdownIsAskedForAtOnceAndOnceMoreByLeaving) {
  settle(active({{0, 0}}));
  EXPECT_FALSE(std::get<MemberProtocol::Heartbeat>(next()).shutdown_application);
  answer(unchanged(3));

  protocol.ask_for_shutdown(now);

  EXPECT_EQ(pause_before_next(), 0ms);
  EXPECT_TRUE(beat().shutdown_application);
  answer(unchanged(3));
  protocol.leave(now);
  EXPECT_TRUE(beat().shutdown_application);
}

TEST_F(MemberProtocolTest, AShutdownIsNotAskedForByTheNextMembership) {
  settle(active({{0, 0}}));
  protocol.ask_for_shutdown(now);
  protocol.leave(now);
  beat();
  answer(unchanged(-1));

  protocol.join({}, now);

  EXPECT_FALSE(beat().shutdown_application);
}

TEST_F(MemberProtocolTest, LeavingIsNotRepeatedWhateverComesOfIt) {
  settle(active({{0, 0}}));
  protocol.leave(now);
  beat();
  protocol.unanswered(now);
  EXPECT_EQ(protocol.state(), State::unjoined);

  settle(active({{0, 0}}));
  protocol.leave(now);
  beat();
  answer(error(25));
  EXPECT_EQ(protocol.state(), State::unjoined);
}

TEST_F(MemberProtocolTest, LeavingWithoutHavingJoinedSaysNothing) {
  protocol.join({}, now);
  protocol.leave(now);

  EXPECT_EQ(protocol.state(), State::unjoined);
  EXPECT_FALSE(protocol.request_due());
}

TEST_F(MemberProtocolTest, AnAnswerThatComesAfterLeavingBeganIsIgnored) {
  settle(active({{0, 0}}));
  beat();
  protocol.leave(now);
  EXPECT_FALSE(protocol.request_due()) << "one request at a time";
  answer(assigns(9, active({{0, 5}})));

  EXPECT_EQ(protocol.state(), State::leaving);
  EXPECT_EQ(beat().member_epoch, -1);
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(MemberProtocolTest, AMemberThatLeftMayJoinAgain) {
  settle(active({{0, 0}}));
  protocol.leave(now);
  beat();
  answer(unchanged(-1));

  protocol.join({}, now);

  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberProtocolTest, ALeaveThatIsGivenUpEndsTheMembershipToo) {
  settle(active({{0, 0}}));
  protocol.leave(now);
  beat();
  protocol.give_up_leaving();
  EXPECT_EQ(protocol.state(), State::unjoined);

  protocol.join({}, now);
  answer(unchanged(-1));  // the answer to the leave
  EXPECT_EQ(protocol.state(), State::joining);
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberProtocolTest, AStalledThreadLosesItsTasksKnowingly) {
  settle(active({{0, 0}}));
  events();
  const Clock::Steady last_look = now;
  while (now < last_look + 290s) {
    beat();
    answer(unchanged(3));
    protocol.tick(now);
  }
  ASSERT_EQ(protocol.state(), State::stable);
  EXPECT_EQ(*protocol.tick_due(), last_look + 300s);

  now = last_look + 300s;
  protocol.tick(now);

  EXPECT_EQ(protocol.state(), State::fenced);
  EXPECT_EQ(beat().member_epoch, -1);
  answer(unchanged(-1));
  EXPECT_FALSE(protocol.request_due()) << "it joins again when it is alive again";
  const MembershipEvent lost = event();
  EXPECT_EQ(lost.kind, Kind::lost);
  EXPECT_THAT(lost.detail, HasSubstr("max.poll.interval.ms"));
  acknowledge({});
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberProtocolTest, WithoutAnAnswerForASessionTheTasksAreLost) {
  settle(active({{0, 0}}));
  const Clock::Steady heard = now;
  beat();
  now = heard + 44s;
  protocol.unanswered(now);
  protocol.tick(now);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(*protocol.tick_due(), heard + 45s);

  now += 1s;
  protocol.tick(now);

  EXPECT_EQ(event().kind, Kind::lost);
  EXPECT_FALSE(protocol.request_due());
  acknowledge({});
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberProtocolTest, AThreadThatIsAtWorkOnItsAssignmentIsToldAtOnceThatItIsLost) {
  settle(active({{0, 0}}));
  beat();
  answer(assigns(4, active({{0, 0}, {1, 0}})));
  EXPECT_EQ(event().kind, Kind::assigned);

  now += 45s;
  protocol.tick(now);

  acknowledge(active({{0, 0}, {1, 0}}));
  EXPECT_FALSE(protocol.request_due()) << "it has not seen yet that it is lost";
  EXPECT_EQ(event().kind, Kind::lost);
  acknowledge({});
  EXPECT_EQ(beat().member_epoch, 0);
}

TEST_F(MemberProtocolTest, ASessionCountsFromWhenTheHeartbeatWasSent) {
  settle(active({{0, 0}}));
  beat();
  const Clock::Steady sent = now;
  now += 9s;
  answer(unchanged(3));

  EXPECT_EQ(*protocol.tick_due(), sent + 45s);
}

TEST_F(MemberProtocolTest, AnAcknowledgementWithoutAQuestionIsIgnored) {
  settle(active({{0, 0}}));
  acknowledge(active({{7, 7}}));

  EXPECT_EQ(protocol.snapshot().owned, active({{0, 0}}));
  EXPECT_TRUE(lists_nothing(beat()));
}

TEST_F(MemberProtocolTest, MissingTopicsAreToldWithEveryAnswerAndHeal) {
  protocol.join({}, now);
  for (int times = 0; times < 2; ++times) {
    beat();
    answer(with_status(times == 0 ? assigns(1, {}) : unchanged(1), 1, "no topic words"));
    const MembershipEvent missing = event();
    EXPECT_EQ(missing.kind, Kind::missing_topics);
    EXPECT_EQ(missing.detail, "no topic words");
  }

  beat();
  answer(assigns(2, active({{0, 0}})));

  EXPECT_EQ(event().kind, Kind::assigned);
}

TEST_F(MemberProtocolTest, TopicsBeingMadeAreWaitedFor) {
  protocol.join({}, now);
  beat();
  answer(with_status(assigns(1, {}), 3, "Unauthorized to CREATE g-x-changelog"));

  const MembershipEvent waiting = event();
  EXPECT_EQ(waiting.kind, Kind::waiting);
  EXPECT_THAT(waiting.detail, HasSubstr("Unauthorized"));
  EXPECT_THAT(protocol.waiting_for(), HasSubstr("Unauthorized"));
  beat();
  answer(assigns(1, active({{0, 0}})));
  EXPECT_EQ(event().kind, Kind::assigned);
  EXPECT_THAT(protocol.waiting_for(), IsEmpty());
}

TEST_F(MemberProtocolTest, AShutdownIsAskedForOnce) {
  settle(active({{0, 0}}));
  for (int times = 0; times < 2; ++times) {
    beat();
    answer(with_status(unchanged(3), 4));
  }

  EXPECT_EQ(event().kind, Kind::shutdown_requested);
  beat();
  answer(with_status(unchanged(3), 4));
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(MemberProtocolTest, TopicsThatDoNotFitAreFatal) {
  settle(active({{0, 0}}));
  beat();
  answer(with_status(assigns(4, {}), 2, "left has 2, right has 3"));

  const MembershipEvent fatal = event();
  EXPECT_EQ(fatal.kind, Kind::fatal);
  EXPECT_THAT(std::string{fatal.status.message()}, HasSubstr("left has 2, right has 3"));
  EXPECT_TRUE(fatal.status.fatal());
  EXPECT_FALSE(protocol.request_due());
  protocol.leave(now);
  EXPECT_EQ(beat().member_epoch, -1);
}

TEST_F(MemberProtocolTest, AMemberOfAnotherTopologyLeavesAtOnce) {
  protocol.join({}, now);
  beat();
  answer(with_status(assigns(4, active({{0, 0}})), 0));

  EXPECT_EQ(event().kind, Kind::fatal);
  EXPECT_EQ(pause_before_next(), 0ms);
  EXPECT_EQ(beat().member_epoch, -1);
}

TEST_F(MemberProtocolTest, TasksThatAreNotNamedByNumbersAreNotOurs) {
  protocol.join({}, now);
  beat();
  auto strange = assigns(2, {});
  strange.active_tasks->push_back({.subtopology_id = "orders", .partitions = {0}});
  answer(strange);

  EXPECT_EQ(event().kind, Kind::fatal);
}

}  // namespace
}  // namespace moldau::inline v0::membership
