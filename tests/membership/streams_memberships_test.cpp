#include "membership/streams_memberships.h"

#include "moldau/testing/manual_clock.h"

#include "kafka_wire/scripted_coordinator.h"
#include "membership/protocol_test.h"

#include <map>

namespace moldau::inline v0::membership {
namespace {

using kafka::wire::committed;
using kafka::wire::FixedRandom;
using kafka::wire::ScriptedCoordinator;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Commit = kafka::wire::OffsetCommitRequest;
using Heartbeat = MemberProtocol::Heartbeat;

// Workers that the test steps.
class SteppedWorkers final : public Workers {
 public:
  std::unique_ptr<WorkerHandle> start(Worker& worker, std::string) override {
    started.push_back(&worker);
    return std::make_unique<Handle>(*this, worker);
  }
  std::vector<Worker*> started;
  int wakes = 0;

 private:
  class Handle final : public WorkerHandle {
   public:
    Handle(SteppedWorkers& all, Worker& worker) : all_(all), worker_(worker) {}
    ~Handle() override { std::erase(all_.started, &worker_); }
    void wake() override { ++all_.wakes; }
    bool finished() const override { return false; }
    bool join(std::chrono::milliseconds) override { return false; }

   private:
    SteppedWorkers& all_;
    Worker& worker_;
  };
};

class StreamsMembershipsTest : public ::testing::Test {
 protected:
  kafka::MembershipOptions options(const std::string& id = "m") const {
    kafka::MembershipOptions result;
    result.group_id = "g";
    result.client_id = "c";
    result.process_id = "p";
    result.member_id = id;
    result.settings = {{"bootstrap.servers", "broker:9092"}};
    return result;
  }
  std::unique_ptr<kafka::GroupMembership> make(const std::string& id = "m") {
    auto made = memberships->make_member(options(id));
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }
  void run() {
    for (int turns = 0; turns < 20; ++turns) {
      for (Worker* worker : started()) worker->step(0ms);
    }
  }
  std::vector<Worker*> started() { return workers.started; }

  // Every connection gets a script of its own; all say what `heartbeat` and `commit` say.
  Result<std::unique_ptr<kafka::wire::Connection>> connect() {
    clusters.push_back(std::make_unique<ScriptedCoordinator>());
    ScriptedCoordinator& cluster = *clusters.back();
    cluster.heartbeat = [this](const Heartbeat& request) {
      heartbeats.push_back(request);
      return heartbeat(request);
    };
    cluster.commit = [this](const Commit& request) {
      commits.push_back(request);
      return commit(request);
    };
    return std::unique_ptr<kafka::wire::Connection>{cluster.take_connection()};
  }
  static Commit::Response says(const Commit& request, int code) {
    Commit::Response response;
    auto& topic = response.topics.emplace_back();
    topic.topic = request.topics.front().topic;
    topic.partitions.push_back({.partition = 0, .error_code = static_cast<std::int16_t>(code)});
    return response;
  }

  testing::ManualClock clock;
  FixedRandom random;
  SteppedWorkers workers;
  std::vector<std::unique_ptr<ScriptedCoordinator>> clusters;
  std::vector<Heartbeat> heartbeats;
  std::vector<Commit> commits;
  std::function<std::optional<Heartbeat::Response>(const Heartbeat&)> heartbeat =
      [](const Heartbeat& request) {
        return request.member_epoch == 0 ? assigns(2, active({{0, 0}}))
                                         : unchanged(request.member_epoch);
      };
  std::function<std::optional<Commit::Response>(const Commit&)> commit = [](const Commit& request) {
    return says(request, 0);
  };
  std::unique_ptr<kafka::Memberships> memberships = make_streams_memberships(
      MembershipServices{
          .clock = clock,
          .random = random,
          .workers = workers,
          .logger = make_silent_logger(),
          .make_connection = [this](const kafka::ClientSettings&) { return connect(); }},
      {{"bootstrap.servers", "broker:9092"}});
  const std::vector<kafka::CommittedOffset> offsets{committed("words", 0, 7)};
};

TEST_F(StreamsMembershipsTest, MembersOfAGroupShareAWorkerThatEndsWithTheLast) {
  auto one = make("a");
  auto other = make("b");
  EXPECT_THAT(workers.started, SizeIs(1));

  one.reset();
  EXPECT_THAT(workers.started, SizeIs(1));
  other.reset();
  EXPECT_THAT(workers.started, IsEmpty());
  make("c");
}

TEST_F(StreamsMembershipsTest, WhatAMemberCannotDoWithoutIsNamed) {
  for (const auto& [member, text] : {std::pair{&kafka::MembershipOptions::group_id, "group id"},
                                     {&kafka::MembershipOptions::member_id, "member id"},
                                     {&kafka::MembershipOptions::process_id, "process id"}}) {
    auto incomplete = options();
    (incomplete.*member).clear();
    const auto made = memberships->make_member(incomplete);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code(), ErrorCode::invalid_request);
    EXPECT_THAT(std::string{made.error().message()}, HasSubstr(text));
  }
  auto nowhere = options();
  nowhere.settings.clear();
  EXPECT_THAT(std::string{memberships->make_member(nowhere).error().message()},
              HasSubstr("bootstrap.servers"));
}

TEST_F(StreamsMembershipsTest, JoiningTwiceIsRefused) {
  const auto member = make();
  EXPECT_TRUE(member->join({}).ok());

  EXPECT_EQ(member->join({}).code(), ErrorCode::invalid_state);
}

TEST_F(StreamsMembershipsTest, AnAcknowledgementWakesTheWorker) {
  const auto member = make();
  ASSERT_TRUE(member->join({}).ok());
  run();
  ASSERT_THAT(member->poll(), SizeIs(1));
  const int before = workers.wakes;

  member->acknowledge(active({{0, 0}}));

  EXPECT_GT(workers.wakes, before);
  EXPECT_EQ(member->snapshot().owned, active({{0, 0}}));
  EXPECT_EQ(member->snapshot().epoch, MemberEpoch{2});
}

class Commits : public StreamsMembershipsTest {
 protected:
  void settle() {
    ASSERT_TRUE(member->join({}).ok());
    run();
    ASSERT_THAT(member->poll(), SizeIs(1));
    member->acknowledge(active({{0, 0}}));
    run();
  }
  // Another heartbeat, whenever it is due.
  void beat() {
    clock.advance(10s);
    run();
  }
  std::unique_ptr<kafka::GroupMembership> member = make();
};

TEST_F(Commits, GoOutInTheEpochOfTheSnapshot) {
  settle();

  EXPECT_TRUE(member->commit(offsets, member->snapshot(), 0ms).ok());

  ASSERT_THAT(commits, SizeIs(1));
  EXPECT_EQ(commits.front().member_epoch, 2);
  EXPECT_EQ(commits.front().member_id, "m");
}

TEST_F(Commits, NothingToCommitAsksNobody) {
  EXPECT_TRUE(member->commit({}, {}, 0ms).ok());
  EXPECT_THAT(commits, IsEmpty());
}

TEST_F(Commits, AStaleEpochIsReplacedByTheNewOneWhileTheTasksAreOwned) {
  settle();
  const kafka::MemberSnapshot as = member->snapshot();
  heartbeat = [](const Heartbeat&) { return unchanged(3); };
  beat();
  commit = [](const Commit& request) { return says(request, request.member_epoch == 3 ? 0 : 113); };

  EXPECT_TRUE(member->commit(offsets, as, 0ms).ok());

  ASSERT_THAT(commits, SizeIs(2));
  EXPECT_EQ(commits[1].member_epoch, 3);
}

TEST_F(Commits, AStaleEpochThatIsTheNewestKnownIsAskedForAgainLater) {
  settle();
  commit = [](const Commit& request) { return says(request, 113); };

  const Status status = member->commit(offsets, member->snapshot(), 0ms);

  EXPECT_TRUE(status.retriable());
  EXPECT_FALSE(status.fenced());
}

TEST_F(Commits, TasksThatAreNotOwnedAnyMoreAreFenced) {
  settle();
  const kafka::MemberSnapshot as = member->snapshot();
  heartbeat = [](const Heartbeat&) { return assigns(3, {}); };
  beat();
  ASSERT_THAT(member->poll(), SizeIs(1));
  member->acknowledge({});
  commit = [](const Commit& request) { return says(request, 113); };

  const Status status = member->commit(offsets, as, 0ms);

  EXPECT_EQ(status.code(), ErrorCode::stale_member);
  EXPECT_TRUE(status.fenced());
}

TEST_F(Commits, TheEpochThatReplacedAStaleOneIsNotUsedForTasksThatAreGone) {
  settle();
  const kafka::MemberSnapshot as = member->snapshot();
  heartbeat = [](const Heartbeat&) { return unchanged(3); };
  beat();
  commit = [](const Commit& request) { return says(request, request.member_epoch == 3 ? 0 : 113); };
  ASSERT_TRUE(member->commit(offsets, as, 0ms).ok());
  heartbeat = [](const Heartbeat&) { return assigns(3, {}); };
  beat();
  ASSERT_THAT(member->poll(), SizeIs(1));
  member->acknowledge({});

  EXPECT_TRUE(member->commit(offsets, as, 0ms).fenced());
  EXPECT_EQ(commits.back().member_epoch, 2);
}

TEST_F(Commits, AMemberTheGroupDoesNotKnowIsFencedAndAsksAtOnce) {
  settle();
  commit = [](const Commit& request) { return says(request, 25); };
  const std::size_t before = heartbeats.size();

  const Status status = member->commit(offsets, member->snapshot(), 0ms);

  EXPECT_EQ(status.code(), ErrorCode::stale_member);
  EXPECT_TRUE(status.fenced());
  run();
  EXPECT_EQ(heartbeats.size(), before + 1);
}

TEST_F(Commits, ALoadingCoordinatorIsAskedAgainLater) {
  settle();
  commit = [](const Commit& request) { return says(request, 14); };
  EXPECT_TRUE(member->commit(offsets, member->snapshot(), 0ms).retriable());
  commit = [](const Commit& request) { return says(request, 0); };
  clock.advance(1s);

  EXPECT_TRUE(member->commit(offsets, member->snapshot(), 0ms).ok());
}

class Leaving : public StreamsMembershipsTest {};

TEST_F(Leaving, WithoutHavingJoinedIsDoneAtOnce) {
  const auto member = make();
  EXPECT_TRUE(member->leave(0ms).ok());
}

TEST_F(Leaving, WithoutAnAnswerIsGivenUpInTime) {
  const auto member = make();
  ASSERT_TRUE(member->join({}).ok());
  run();

  EXPECT_EQ(member->leave(0ms).code(), ErrorCode::timed_out);
  EXPECT_TRUE(member->join({}).ok()) << "it may join again";
}

TEST_F(Leaving, ForOthersSaysSoForEachOfThem) {
  heartbeat = [](const Heartbeat& request) {
    return request.member_id == "b" ? error(25) : unchanged(-1);
  };
  const std::vector<std::string> ids = {"a", "b", "c"};

  EXPECT_TRUE(memberships->leave_for("g", ids, 1s).ok());

  ASSERT_THAT(heartbeats, SizeIs(3));
  EXPECT_EQ(heartbeats[2].member_id, "c");
  EXPECT_EQ(heartbeats[2].member_epoch, -1);
}

TEST_F(Leaving, ForMembersOfAGroupThatIsGoneIsFine) {
  heartbeat = [](const Heartbeat&) { return error(69); };
  const std::vector<std::string> ids = {"a"};

  EXPECT_TRUE(memberships->leave_for("g", ids, 1s).ok());
}

TEST_F(Leaving, ForOthersThatIsRefusedSaysWhy) {
  heartbeat = [](const Heartbeat&) { return error(30); };
  const std::vector<std::string> ids = {"a"};

  const Status status = memberships->leave_for("g", ids, 1s);

  EXPECT_FALSE(status.retriable());
  EXPECT_EQ(status.code(), ErrorCode::authorization_failed);
}

TEST_F(Leaving, ForOthersNeedsABroker) {
  auto nowhere = make_streams_memberships(MembershipServices{
      .clock = clock,
      .random = random,
      .workers = workers,
      .logger = make_silent_logger(),
      .make_connection = [this](const kafka::ClientSettings&) { return connect(); }});
  const std::vector<std::string> ids = {"a"};

  EXPECT_THAT(std::string{nowhere->leave_for("g", ids, 1s).message()},
              HasSubstr("bootstrap.servers"));
}

}  // namespace
}  // namespace moldau::inline v0::membership
