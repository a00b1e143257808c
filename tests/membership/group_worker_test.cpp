#include "membership/group_worker.h"

#include "moldau/testing/manual_clock.h"

#include "kafka_wire/scripted_coordinator.h"
#include "membership/protocol_test.h"

namespace moldau::inline v0::membership {
namespace {

using kafka::wire::Endpoint;
using kafka::wire::FixedRandom;
using kafka::wire::ScriptedCoordinator;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Heartbeat = MemberProtocol::Heartbeat;
using Kind = MembershipEvent::Kind;

class NotingLogger final : public Logger {
 public:
  bool enabled(LogLevel) const noexcept override { return true; }
  void log(LogLevel level, std::string_view message) noexcept override {
    if (level >= LogLevel::warning) warnings.emplace_back(message);
  }
  std::vector<std::string> warnings;
};

class GroupWorkerTest : public ::testing::Test {
 protected:
  std::shared_ptr<SharedMember> add(const std::string& id) {
    auto member = std::make_shared<SharedMember>(
        MemberProtocol::Identity{.group_id = "g", .member_id = id, .process_id = "p"},
        "client-" + id, [this] { ++announced; });
    worker.add(member);
    return member;
  }
  std::shared_ptr<SharedMember> join(const std::string& id) {
    auto member = add(id);
    member->with([&](MemberProtocol& protocol) { protocol.join({}, clock.steady()); });
    return member;
  }

  // Steps until the worker has nothing to do for `time`, moving the clock from turn to turn.
  void run(std::chrono::milliseconds time = 0ms) {
    const Clock::Steady end = clock.steady() + time;
    for (int turns = 0; turns < 10'000; ++turns) {
      const auto next = worker.step(0ms);
      ASSERT_TRUE(next);
      if (*next <= clock.steady()) {
        // Waits for an answer that does not come.
        if (cluster.script->is_open() && waiting_turns++ > 3) {
          if (clock.steady() >= end) return;
          clock.advance(100ms);
        }
        continue;
      }
      waiting_turns = 0;
      if (*next > end) {
        clock.advance(std::chrono::ceil<std::chrono::milliseconds>(end - clock.steady()));
        return;
      }
      clock.advance(std::chrono::ceil<std::chrono::milliseconds>(*next - clock.steady()));
    }
    FAIL() << "the worker spins";
  }

  std::vector<MembershipEvent> poll(SharedMember& member) {
    return member.with([&](MemberProtocol& protocol) { return protocol.poll(clock.steady()); });
  }
  void acknowledge(SharedMember& member, const OwnedTasks& owned) {
    member.with([&](MemberProtocol& protocol) { protocol.acknowledge(owned, clock.steady()); });
  }
  State state(SharedMember& member) {
    return member.with([](MemberProtocol& protocol) { return protocol.state(); });
  }

  // A group of one: whoever joins gets `target`, and nothing happens afterwards.
  void always_assign(const OwnedTasks& target) {
    cluster.heartbeat = [target](const Heartbeat& request) {
      return request.member_epoch == 0 ? assigns(2, target) : unchanged(request.member_epoch);
    };
  }

  testing::ManualClock clock;
  FixedRandom random;
  ScriptedCoordinator cluster;
  std::shared_ptr<NotingLogger> logger = std::make_shared<NotingLogger>();
  int announced = 0;
  int waiting_turns = 0;
  GroupWorker worker{
      "g",
      std::make_unique<kafka::wire::CoordinatorLink>(
          cluster.take_connection(),
          kafka::wire::CoordinatorLink::Target{
              .group_id = "g", .client_id = "c", .servers = {Endpoint{"bootstrap", 9092}}},
          clock, random),
      clock, logger};
};

TEST_F(GroupWorkerTest, AsksNobodyWithoutAMemberThatWantsSomething) {
  add("a");
  run(60s);

  EXPECT_THAT(cluster.script->opened, IsEmpty());
}

TEST_F(GroupWorkerTest, JoinsAndTellsTheThread) {
  always_assign(active({{0, 0}}));
  const auto member = join("a");
  run();

  EXPECT_EQ(announced, 1);
  const auto events = poll(*member);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events.front().target, active({{0, 0}}));
  acknowledge(*member, events.front().target);
  run();
  ASSERT_THAT(cluster.heartbeats, SizeIs(2));
  EXPECT_EQ(listed(cluster.heartbeats.back()), active({{0, 0}}));
  EXPECT_EQ(announced, 1);
}

TEST_F(GroupWorkerTest, SendsTheHeartbeatsOfAllMembersOverOneConnectionUnderTheirNames) {
  always_assign({});
  join("a");
  join("b");
  run();

  ASSERT_THAT(cluster.heartbeats, SizeIs(2));
  EXPECT_EQ(cluster.heartbeats[0].member_id, "a");
  EXPECT_EQ(cluster.heartbeats[1].member_id, "b");
  EXPECT_THAT(cluster.client_ids, ElementsAre("client-a", "client-b"));
  EXPECT_EQ(cluster.finds, 1);
}

TEST_F(GroupWorkerTest, KeepsThePaceWithoutSpinning) {
  always_assign({});
  const auto member = join("a");
  run();
  acknowledge(*member, poll(*member).front().target);
  run(60s);

  // Twice at once, five seconds of one a second, then one every three seconds.
  EXPECT_GE(cluster.heartbeats.size(), 20U);
  EXPECT_LE(cluster.heartbeats.size(), 30U);
}

TEST_F(GroupWorkerTest, ALostAnswerDropsTheConnectionAndOnlyItsMemberRecovers) {
  always_assign(active({{0, 0}}));
  const auto one = join("a");
  const auto other = join("b");
  run();
  for (const auto& member : {one, other}) acknowledge(*member, poll(*member).front().target);
  run(10s);
  cluster.heartbeat = [&](const Heartbeat& request) -> std::optional<Heartbeat::Response> {
    if (request.member_id == "a" && !request.active_tasks) return std::nullopt;
    return unchanged(request.member_epoch);
  };
  cluster.describe = [](const MemberProtocol::Describe&) {
    return describes(2, active({{0, 0}, {0, 1}}), "a");
  };
  const std::size_t opened = cluster.script->opened.size();
  cluster.heartbeats.clear();

  run(30s);

  EXPECT_GT(cluster.script->opened.size(), opened) << "no late answer is read";
  EXPECT_EQ(state(*other), State::stable);
  const auto events = poll(*one);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events.front().target, active({{0, 0}, {0, 1}}));
}

TEST_F(GroupWorkerTest, AnAnswerToAnotherRequestIsNotTakenForThisOne) {
  always_assign(active({{0, 0}}));
  const auto member = join("a");
  run();
  acknowledge(*member, poll(*member).front().target);
  run(10s);
  const std::size_t opened = cluster.script->opened.size();
  // Two answers to one request: the second one lies there when the next request is sent.
  cluster.heartbeat = [&](const Heartbeat& request) {
    cluster.script->answer_last(unchanged(request.member_epoch));
    return assigns(9, active({{5, 5}}));
  };

  run(7s);

  EXPECT_GT(cluster.script->opened.size(), opened);
  EXPECT_EQ(state(*member), State::recovering);
  for (const MembershipEvent& event : poll(*member)) EXPECT_NE(event.kind, Kind::assigned);
}

TEST_F(GroupWorkerTest, ACoordinatorThatMovedIsFollowedInTheSameEpoch) {
  always_assign(active({{0, 0}}));
  const auto member = join("a");
  run();
  acknowledge(*member, poll(*member).front().target);
  run();
  cluster.heartbeat = [&](const Heartbeat& request) {
    cluster.coordinator = {"elsewhere", 9092};
    return cluster.script->opened.back().host == "elsewhere" ? unchanged(request.member_epoch)
                                                             : error(16);
  };

  run(10s);

  EXPECT_EQ(cluster.script->opened.back().host, "elsewhere");
  EXPECT_EQ(cluster.heartbeats.back().member_epoch, 2);
  EXPECT_THAT(poll(*member), IsEmpty());
}

TEST_F(GroupWorkerTest, AThrottledConnectionStaysSilentForAsLongAsItIsTold) {
  cluster.heartbeat = [&](const Heartbeat&) {
    auto answer = assigns(2, {});
    answer.throttle_time_ms = 5'000;
    return answer;
  };
  const auto member = join("a");
  run();
  acknowledge(*member, poll(*member).front().target);
  run(4'999ms);
  EXPECT_THAT(cluster.heartbeats, SizeIs(1));

  run(2ms);

  EXPECT_THAT(cluster.heartbeats, SizeIs(2));
}

TEST_F(GroupWorkerTest, AnUnreachableBrokerIsReportedNowAndThenAndNeverGivenUp) {
  cluster.script->unreachable = {Endpoint{"bootstrap", 9092}};
  const auto member = join("a");
  run(2s);
  EXPECT_THAT(logger->warnings, IsEmpty()) << "the first seconds are ordinary";

  run(8s);

  EXPECT_THAT(logger->warnings, ElementsAre(HasSubstr("cannot reach bootstrap")));
  const auto events = poll(*member);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events.front().kind, Kind::waiting);
  EXPECT_THAT(events.front().detail, HasSubstr("cannot reach bootstrap"));
  EXPECT_LE(cluster.script->opened.size(), 20U);

  cluster.script->unreachable.clear();
  always_assign({});
  run(2s);
  EXPECT_EQ(state(*member), State::reconciling);
}

TEST_F(GroupWorkerTest, ABrokerWithoutTheFeatureIsFatalToEveryMember) {
  cluster.feature_level = 0;
  const auto one = join("a");
  const auto other = join("b");
  run(1s);

  for (const auto& member : {one, other}) {
    const auto events = poll(*member);
    ASSERT_THAT(events, SizeIs(1));
    EXPECT_EQ(events.front().kind, Kind::fatal);
    EXPECT_THAT(std::string{events.front().status.message()}, HasSubstr("streams.version=1"));
  }
  const std::size_t opened = cluster.script->opened.size();
  run(60s);
  EXPECT_EQ(cluster.script->opened.size(), opened);
}

TEST_F(GroupWorkerTest, AMemberThatIsDroppedIsNotHeardOfAgain) {
  always_assign({});
  const auto member = join("a");
  run();
  ASSERT_EQ(announced, 1);
  member->drop();
  cluster.heartbeats.clear();

  run(60s);

  EXPECT_THAT(cluster.heartbeats, IsEmpty());
  EXPECT_EQ(announced, 1);
}

TEST_F(GroupWorkerTest, LeavingIsAnsweredToWhoWaits) {
  always_assign({});
  const auto member = join("a");
  run();
  member->with([&](MemberProtocol& protocol) { protocol.leave(clock.steady()); });
  EXPECT_FALSE(member->wait_until_left(0ms));

  run();

  EXPECT_TRUE(member->wait_until_left(0ms));
  EXPECT_EQ(cluster.heartbeats.back().member_epoch, -1);
}

TEST_F(GroupWorkerTest, AFinishedWorkerIsNotSteppedAgain) {
  worker.finish();

  EXPECT_FALSE(worker.step(0ms));
}

}  // namespace
}  // namespace moldau::inline v0::membership
