#include "moldau/base/bytes.h"
#include "moldau/base/clock.h"

#include "broker/address.h"
#include "eventually.h"
#include "kafka/wire/bootstrap.h"
#include "kafka/wire/codec.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/errors.h"
#include "kafka/wire/frame.h"
#include "kafka/wire/make_connection.h"
#include "kafka/wire/messages.h"
#include "kafka/wire/request_channel.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds timeout = 15s;

// CreateTopics (19) version 7, which the library leaves to librdkafka: written and read by hand.
void create_topic(const Endpoint& broker, const std::string& name, std::int32_t partitions) {
  ByteBuffer frame;
  append_request_header({.api_key = 19, .api_version = 7, .correlation_id = 1}, frame);
  Writer out{frame};
  out.count(1);
  out.string(name);
  out.int32(partitions);
  out.int16(1);  // replicas
  out.count(0);  // no assignments
  out.count(0);  // no configuration
  out.no_tags();
  out.int32(10'000);  // milliseconds
  out.boolean(false);
  out.no_tags();

  const auto connection = *make_connection({}, system_clock());
  ASSERT_TRUE(connection->open(broker, timeout).ok());
  ASSERT_TRUE(connection->send(frame, timeout).ok());
  const auto answer = connection->receive(timeout);
  ASSERT_TRUE(answer.ok() && *answer) << answer.error().message();

  Reader in{split_response(**answer, 1).body};
  in.int32();  // throttle time
  ASSERT_EQ(in.count(1), 1U);
  EXPECT_EQ(in.string(), name);
  in.int64();  // topic id, in two halves
  in.int64();
  EXPECT_EQ(in.int16(), 0);
}

class BrokerTest : public ::testing::Test {
 protected:
  BrokerTest() : connection_(*make_connection({}, system_clock())) {}

  // Through the bootstrap servers, as an application does it.
  void open_bootstrap() {
    const auto servers = parse_bootstrap_servers("127.0.0.1:1," + broker_address());
    ASSERT_TRUE(servers.ok()) << servers.error().message();
    const Status opened = open_any(channel, *servers, timeout);
    ASSERT_TRUE(opened.ok()) << opened.message();
  }

  void open_coordinator(const std::string& group) {
    std::optional<Endpoint> coordinator;
    EXPECT_TRUE(eventually(60s, [&] {
      const auto answer = ask_coordinator(channel, group, timeout);
      if (answer.ok()) coordinator = *answer;
      EXPECT_TRUE(answer.ok() || answer.error().retriable()) << answer.error().message();
      return answer.ok();
    }));
    ASSERT_TRUE(coordinator);
    ASSERT_TRUE(channel.open(*coordinator, timeout).ok());
  }

  // Repeats while the coordinator is starting.
  StreamsGroupHeartbeatResponse heartbeat(const StreamsGroupHeartbeatRequest& request) {
    StreamsGroupHeartbeatResponse response;
    EXPECT_TRUE(eventually(60s, [&] {
      const auto answer = channel.call(request, timeout);
      EXPECT_TRUE(answer.ok()) << answer.error().message();
      if (answer.ok()) response = *answer;
      return !answer.ok() || !status_of(response.error_code, "heartbeat").retriable();
    }));
    return response;
  }

 private:
  std::unique_ptr<Connection> connection_;

 protected:
  RequestChannel channel{*connection_, system_clock(), "wire-test"};
};

StreamsGroupHeartbeatRequest join(const std::string& group, const std::string& topic) {
  return {
      .group_id = group,
      .member_id = "member-0",
      .member_epoch = 0,
      .rebalance_timeout_ms = 60'000,
      .topology = Topology{.subtopologies = {{.subtopology_id = "0", .source_topics = {topic}}}},
      .active_tasks = std::vector<TaskIds>{},
      .standby_tasks = std::vector<TaskIds>{},
      .warmup_tasks = std::vector<TaskIds>{},
      .process_id = "process",
      .user_endpoint = UserEndpoint{"localhost", 8080},
      .client_tags = std::vector<KeyValue>{{"zone", "a"}}};
}

TEST_F(BrokerTest, AMemberJoinsWorksCommitsAndLeaves) {
  open_bootstrap();
  create_topic(channel.broker(), "wire-in", 2);
  const auto support = ask_streams_group_support(channel, timeout);
  ASSERT_TRUE(support.ok()) << support.error().message();
  EXPECT_TRUE(support->usable) << support->why_not;
  open_coordinator("wire-app");

  // The first answers may come before the assignment.
  StreamsGroupHeartbeatResponse answer;
  // While it does not know the topic yet, Kafka 4.3.1 answers a join that names an endpoint with
  // UNKNOWN_SERVER_ERROR.
  ASSERT_TRUE(eventually(30s, [&] {
    answer = heartbeat(join("wire-app", "wire-in"));
    return answer.error_code == 0;
  })) << answer.error_message.value_or("");
  StreamsGroupHeartbeatRequest beat{.group_id = "wire-app", .member_id = "member-0"};
  const std::vector<TaskIds> both{{"0", {0, 1}}};
  std::optional<std::vector<TaskIds>> tasks = answer.active_tasks;
  EXPECT_TRUE(eventually(30s, [&] {
    if (tasks == both) return true;
    beat.member_epoch = answer.member_epoch;
    answer = heartbeat(beat);
    if (answer.active_tasks) tasks = answer.active_tasks;
    return answer.error_code != 0;
  }));
  ASSERT_EQ(answer.error_code, 0) << answer.error_message.value_or("");
  EXPECT_EQ(answer.member_id, "member-0");
  EXPECT_GT(answer.heartbeat_interval_ms, 0);

  const std::int32_t epoch = answer.member_epoch;
  const auto committed = channel.call(
      OffsetCommitRequest{
          .group_id = "wire-app",
          .member_epoch = epoch,
          .member_id = "member-0",
          .topics = {{"wire-in", {{.partition = 1, .offset = 0, .metadata = "m"}}}}},
      timeout);
  ASSERT_TRUE(committed.ok()) << committed.error().message();
  EXPECT_EQ(committed->topics, (std::vector<OffsetCommitResponse::Topic>{{"wire-in", {{1, 0}}}}));

  const auto described =
      channel.call(StreamsGroupDescribeRequest{.group_ids = {"wire-app"}}, timeout);
  ASSERT_TRUE(described.ok()) << described.error().message();
  ASSERT_EQ(described->groups.size(), 1U);
  const auto& group = described->groups[0];
  EXPECT_EQ(group.error_code, 0);
  ASSERT_EQ(group.members.size(), 1U);
  EXPECT_EQ(group.members[0].client_id, "wire-test");
  EXPECT_EQ(group.members[0].member_epoch, epoch);
  EXPECT_EQ(group.members[0].user_endpoint, (UserEndpoint{"localhost", 8080}));
  EXPECT_EQ(group.members[0].client_tags, (std::vector<KeyValue>{{"zone", "a"}}));
  EXPECT_EQ(group.members[0].current.active, both);
  ASSERT_TRUE(group.topology && group.topology->subtopologies);
  EXPECT_EQ(group.topology->subtopologies->at(0).source_topics,
            std::vector<std::string>{"wire-in"});

  const auto left =
      heartbeat({.group_id = "wire-app", .member_id = "member-0", .member_epoch = -1});
  EXPECT_EQ(left.error_code, 0) << left.error_message.value_or("");
  EXPECT_EQ(left.member_epoch, -1);
}

TEST_F(BrokerTest, WhatIsWrongIsSaidInAnAnswerNotByAClosedConnection) {
  open_bootstrap();
  open_coordinator("wire-errors");

  StreamsGroupHeartbeatRequest without_topic = join("wire-errors", "absent");
  without_topic.user_endpoint.reset();  // 4.3.1 stumbles over an endpoint without source topics
  const auto missing_topic = heartbeat(without_topic);
  const auto fenced =
      heartbeat({.group_id = "wire-errors", .member_id = "member-0", .member_epoch = 99});
  const auto unknown =
      heartbeat({.group_id = "wire-errors", .member_id = "nobody", .member_epoch = 1});

  EXPECT_EQ(missing_topic.error_code, 0) << missing_topic.error_message.value_or("");
  ASSERT_TRUE(missing_topic.status && !missing_topic.status->empty());
  EXPECT_EQ(missing_topic.status->at(0).status_code, 1);
  EXPECT_EQ(fenced.error_code, error_code::fenced_member_epoch);
  EXPECT_EQ(unknown.error_code, error_code::unknown_member_id);
  EXPECT_TRUE(channel.is_open());
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
