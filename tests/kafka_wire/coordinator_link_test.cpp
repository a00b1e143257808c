#include "kafka/wire/coordinator_link.h"

#include "moldau/testing/manual_clock.h"

#include "kafka_wire/scripted_coordinator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Endpoint bootstrap{"bootstrap", 9092};
const Endpoint coordinator{"coordinator", 9092};

class CoordinatorLinkTest : public ::testing::Test {
 protected:
  // Until it is connected or has to wait.
  Status connect() { return link.advance(0ms); }
  void wait() {
    const auto wait = link.not_before() - clock.steady();
    clock.advance(std::chrono::ceil<std::chrono::milliseconds>(wait));
  }

  testing::ManualClock clock;
  FixedRandom random;
  ScriptedCoordinator cluster;
  CoordinatorLink link{cluster.take_connection(),
                       {.group_id = "g", .client_id = "c", .servers = {bootstrap}},
                       clock,
                       random};
};

TEST_F(CoordinatorLinkTest, GoesFromTheBootstrapServerToTheCoordinator) {
  ASSERT_TRUE(connect().ok());

  EXPECT_TRUE(link.ready());
  EXPECT_THAT(cluster.script->opened, ElementsAre(bootstrap, coordinator));
}

TEST_F(CoordinatorLinkTest, StaysWhereItIsIfTheBootstrapServerIsTheCoordinator) {
  cluster.coordinator = bootstrap;

  ASSERT_TRUE(connect().ok());

  EXPECT_TRUE(link.ready());
  EXPECT_THAT(cluster.script->opened, ElementsAre(bootstrap));
}

TEST_F(CoordinatorLinkTest, WaitsLongerAfterEachFailureInARow) {
  cluster.script->unreachable = {bootstrap};
  std::vector<Clock::Steady::duration> waits;
  for (int times = 0; times < 6; ++times) {
    EXPECT_TRUE(connect().retriable());
    waits.push_back(link.not_before() - clock.steady());
    EXPECT_TRUE(connect().ok()) << "not before its time";
    wait();
  }

  EXPECT_THAT(waits, ElementsAre(100ms, 200ms, 400ms, 800ms, 1s, 1s));
  EXPECT_EQ(cluster.script->opened.size(), 6U);
}

TEST_F(CoordinatorLinkTest, ABrokenConnectionGoesBackToTheSameCoordinator) {
  ASSERT_TRUE(connect().ok());
  link.broken();
  EXPECT_FALSE(link.ready());
  wait();

  ASSERT_TRUE(connect().ok());

  EXPECT_TRUE(link.ready());
  EXPECT_EQ(cluster.finds, 1);
}

TEST_F(CoordinatorLinkTest, ACoordinatorThatMovedIsLookedForAgain) {
  ASSERT_TRUE(connect().ok());
  link.moved();
  cluster.coordinator = {"elsewhere", 9092};
  wait();

  ASSERT_TRUE(connect().ok());

  EXPECT_EQ(cluster.script->opened.back(), cluster.coordinator);
}

TEST_F(CoordinatorLinkTest, ACoordinatorThatCannotBeReachedIsLookedForAgain) {
  cluster.script->unreachable = {coordinator};
  EXPECT_TRUE(connect().retriable());
  cluster.coordinator = {"elsewhere", 9092};
  wait();

  ASSERT_TRUE(connect().ok());

  EXPECT_EQ(cluster.finds, 2);
  EXPECT_TRUE(link.ready());
}

TEST_F(CoordinatorLinkTest, AGroupWithoutACoordinatorYetIsWaitedFor) {
  cluster.find_error = 15;
  const Status status = connect();
  EXPECT_TRUE(status.retriable());
  EXPECT_EQ(status.code(), ErrorCode::not_ready);
  cluster.find_error = 0;
  wait();

  EXPECT_TRUE(connect().ok());
  EXPECT_TRUE(link.ready());
}

TEST_F(CoordinatorLinkTest, AClusterWithoutTheFeatureSaysWhatIsNeeded) {
  cluster.feature_level = 0;

  const Status status = connect();

  EXPECT_FALSE(status.retriable());
  EXPECT_EQ(status.code(), ErrorCode::unsupported);
  EXPECT_THAT(std::string{status.message()}, HasSubstr("streams.version=1"));
}

TEST_F(CoordinatorLinkTest, ABrokerThatSaysNothingIsGivenUp) {
  cluster.script->on_send = nullptr;
  ASSERT_TRUE(connect().ok());
  EXPECT_FALSE(link.ready());
  clock.advance(9'999ms);
  ASSERT_TRUE(connect().ok());
  clock.advance(1ms);

  EXPECT_EQ(connect().code(), ErrorCode::timed_out);
  EXPECT_FALSE(cluster.script->is_open());
}

TEST_F(CoordinatorLinkTest, ThrottlingIsHonoured) {
  ASSERT_TRUE(connect().ok());
  link.throttled(700ms);

  EXPECT_EQ(link.not_before() - clock.steady(), 700ms);
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
