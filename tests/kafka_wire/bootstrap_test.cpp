#include "kafka/wire/bootstrap.h"

#include "moldau/testing/manual_clock.h"

#include "kafka_wire/scripted_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What a broker answers that can run streams groups.
ApiVersionsResponse good_versions() {
  return {.api_keys = {{8, 2, 10}, {9, 1, 10}, {10, 0, 6}, {18, 0, 4}, {88, 0, 0}, {89, 0, 0}},
          .finalized_features = {{"metadata.version", 29, 7}, {"streams.version", 1, 0}}};
}

TEST(GroupSupport, ANewBrokerWithTheFeatureIsUsable) {
  const GroupSupport support = streams_group_support(good_versions());

  EXPECT_TRUE(support.usable) << support.why_not;
}

TEST(GroupSupport, WithoutTheFeatureTheOperatorIsToldHowToSwitchItOn) {
  for (const std::int16_t level : {std::int16_t{-1}, std::int16_t{0}}) {
    ApiVersionsResponse versions = good_versions();
    versions.finalized_features.pop_back();
    if (level >= 0) versions.finalized_features.push_back({"streams.version", level, 0});

    const GroupSupport support = streams_group_support(versions);

    EXPECT_FALSE(support.usable);
    EXPECT_THAT(support.why_not, HasSubstr("Kafka 4.2"));
    EXPECT_THAT(support.why_not, HasSubstr("upgrade --feature streams.version=1"));
  }
}

TEST(GroupSupport, ABrokerThatDoesNotKnowTheRequestIsTooOld) {
  ApiVersionsResponse versions = good_versions();
  std::erase_if(versions.api_keys, [](const auto& api) { return api.api_key == 88; });

  EXPECT_FALSE(streams_group_support(versions).usable);
  EXPECT_THAT(streams_group_support(versions).why_not, HasSubstr("Kafka 4.2"));
}

TEST(GroupSupport, ABrokerThatOnlyKnowsLaterVersionsIsNotUsable) {
  ApiVersionsResponse versions = good_versions();
  for (auto& api : versions.api_keys) {
    if (api.api_key == 88) api = {88, 1, 2};
  }

  EXPECT_FALSE(streams_group_support(versions).usable);
}

TEST(GroupSupport, ABrokerThatDoesNotKnowTheQuestionIsTooOld) {
  EXPECT_THAT(streams_group_support({.error_code = 35}).why_not, HasSubstr("much older"));
}

class BootstrapTest : public ::testing::Test {
 protected:
  testing::ManualClock clock;
  ScriptedConnection connection;
  RequestChannel channel{connection, clock, "client"};
};

TEST_F(BootstrapTest, TheFirstServerThatCanBeReachedIsTaken) {
  connection.unreachable = {{"a", 1}};
  const std::vector<Endpoint> servers{{"a", 1}, {"b", 2}, {"c", 3}};

  ASSERT_TRUE(open_any(channel, servers, 1s).ok());

  EXPECT_THAT(connection.opened, ElementsAre(Endpoint{"a", 1}, Endpoint{"b", 2}));
  EXPECT_EQ(channel.broker(), (Endpoint{"b", 2}));
}

TEST_F(BootstrapTest, IfNoServerCanBeReachedEveryOneIsNamed) {
  connection.unreachable = {{"a", 1}, {"b", 2}};

  const Status status = open_any(channel, connection.unreachable, 1s);

  EXPECT_EQ(status.code(), ErrorCode::transport);
  EXPECT_TRUE(status.retriable());
  EXPECT_EQ(status.message(), "cannot reach a; cannot reach b");
}

TEST_F(BootstrapTest, AskingForVersionsNamesTheLibrary) {
  connection.on_send = [this] { connection.answer_last(good_versions(), 0); };
  ASSERT_TRUE(channel.open({"a", 1}, 1s).ok());

  const auto support = ask_streams_group_support(channel, 1s);

  ASSERT_TRUE(support.ok()) << support.error().message();
  EXPECT_TRUE(support->usable);
  const auto request = decode<ApiVersionsRequest>(split_request(connection.sent.at(0)).body);
  EXPECT_EQ(request.client_software_name, "moldau");
  EXPECT_FALSE(request.client_software_version.empty());
}

TEST_F(BootstrapTest, AnErrorInsteadOfVersionsIsAStatus) {
  connection.on_send = [this] { connection.answer_last(ApiVersionsResponse{.error_code = 42}, 0); };
  ASSERT_TRUE(channel.open({"a", 1}, 1s).ok());

  EXPECT_EQ(ask_streams_group_support(channel, 1s).error().code(), ErrorCode::invalid_request);
}

TEST_F(BootstrapTest, ACoordinatorIsAskedForByGroup) {
  connection.on_send = [this] {
    connection.answer_last(
        FindCoordinatorResponse{.coordinators = {{"other", 1, "x", 1, 0, std::nullopt},  //
                                                 {"app", 2, "host", 9093, 0, std::nullopt}}});
  };
  ASSERT_TRUE(channel.open({"a", 1}, 1s).ok());

  const auto coordinator = ask_coordinator(channel, "app", 1s);

  ASSERT_TRUE(coordinator.ok()) << coordinator.error().message();
  EXPECT_EQ(*coordinator, (Endpoint{"host", 9093}));
  EXPECT_EQ(decode<FindCoordinatorRequest>(split_request(connection.sent.at(0)).body),
            FindCoordinatorRequest{.coordinator_keys = {"app"}});
}

TEST_F(BootstrapTest, ACoordinatorIsAskedForByTransactionalId) {
  connection.on_send = [this] {
    connection.answer_last(
        FindCoordinatorResponse{.coordinators = {{"app-0", 2, "host", 9093, 0, std::nullopt}}});
  };
  ASSERT_TRUE(channel.open({"a", 1}, 1s).ok());

  const auto coordinator = ask_coordinator(channel, "app-0", 1s, CoordinatorKind::transaction);

  ASSERT_TRUE(coordinator.ok()) << coordinator.error().message();
  EXPECT_EQ(*coordinator, (Endpoint{"host", 9093}));
  EXPECT_EQ(decode<FindCoordinatorRequest>(split_request(connection.sent.at(0)).body),
            (FindCoordinatorRequest{.key_type = 1, .coordinator_keys = {"app-0"}}));
}

TEST(Coordinator, ThatIsNotThereYetIsAskedForAgain) {
  const auto coordinator =
      coordinator_of({.coordinators = {{"app", -1, "", -1, 15, std::nullopt}}}, "app");

  EXPECT_EQ(coordinator.error().code(), ErrorCode::not_ready);
  EXPECT_TRUE(coordinator.error().retriable());
  EXPECT_THAT(coordinator.error().message(), HasSubstr("group \"app\": COORDINATOR_NOT_AVAILABLE"));
}

TEST(Coordinator, OfAForbiddenGroupIsNotAskedForAgain) {
  const auto coordinator = coordinator_of({.coordinators = {{"app", -1, "", -1, 30, "no"}}}, "app");

  EXPECT_EQ(coordinator.error().code(), ErrorCode::authorization_failed);
  EXPECT_FALSE(coordinator.error().retriable());
}

TEST(Coordinator, WithoutAUsableAddressIsNone) {
  for (const std::int32_t port : {-1, 0, 65'536, 70'000}) {
    const auto coordinator =
        coordinator_of({.coordinators = {{"app", 1, "host", port, 0, std::nullopt}}}, "app");

    EXPECT_EQ(coordinator.error().code(), ErrorCode::not_ready) << port;
  }
  EXPECT_EQ(coordinator_of({}, "app").error().code(), ErrorCode::not_ready);
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
