#include "kafka/wire/messages.h"

#include "moldau/base/bytes.h"

#include "golden/hex.h"
#include "kafka_wire/by_hand.h"
#include "kafka_wire/example_messages.h"

#include <gtest/gtest.h>

#include <string>

namespace moldau::inline v0::kafka::wire {
namespace {

template <class Message>
std::string encoded(const Message& message) {
  ByteBuffer bytes;
  encode(message, bytes);
  return to_hex(bytes);
}

TEST(Messages, EveryMessageSurvivesARoundTrip) {
  for_each_example([](const auto& message) {
    ByteBuffer bytes;
    encode(message, bytes);

    EXPECT_EQ(decode<std::decay_t<decltype(message)>>(bytes), message) << to_hex(bytes);
  });
}

TEST(Messages, EveryMessageSurvivesARoundTripWithNothingButDefaults) {
  for_each_example([](const auto& message) {
    using Message = std::decay_t<decltype(message)>;
    ByteBuffer bytes;
    encode(Message{}, bytes);

    EXPECT_EQ(decode<Message>(bytes), Message{}) << to_hex(bytes);
    EXPECT_FALSE(message == Message{}) << "the example must differ from the defaults";
  });
}

TEST(Messages, AJoiningHeartbeatIsTheProtocolsBytes) {
  const ByteBuffer bytes = by_hand({
      "04" + text("app"),                            // group id
      "04" + text("m-0"),                            // member id
      "00000000",                                    // epoch
      "ffffffff",                                    // endpoint epoch
      "00",                                          // no instance id
      "03" + text("r1"),                             // rack
      "000493e0",                                    // rebalance timeout, 300 s
      "0100000000",                                  // a topology of epoch 0
      "0202" + text("0"),                            // one sub-topology, named 0
      "0203" + text("in"),                           // source topics
      "01",                                          // source regexes
      "0202" + text("c") + "00000000ffff",           // changelog c, 0 partitions, replication -1
      "0202" + text("k") + "010000",                 // its configuration, k is empty
      "0202" + text("s"),                            // repartition sinks
      "01",                                          // repartition sources
      "0203000000010102000200",                      // a copartition group
      "0000",                                        // tags of sub-topology and topology
      "0202" + text("0") + "03000000030000000400",   // active tasks 0_3, 0_4
      "0101",                                        // no standby, no warm-up tasks
      "02" + text("p"),                              // process id
      "0102" + text("h") + "ffff00",                 // endpoint h:65535
      "0202" + text("z") + "02" + text("1") + "00",  // client tags
      "00",                                          // task offsets: null
      "0202" + text("0") + "00000001000000000000000200",  // task end offsets
      "0100",                                             // shutdown, tags
  });
  const StreamsGroupHeartbeatRequest message{
      .group_id = "app",
      .member_id = "m-0",
      .member_epoch = 0,
      .endpoint_information_epoch = -1,
      .rack_id = "r1",
      .rebalance_timeout_ms = 300'000,
      .topology =
          Topology{.subtopologies = {{.subtopology_id = "0",
                                      .source_topics = {"in"},
                                      .state_changelog_topics = {{"c", 0, -1, {{"k", ""}}}},
                                      .repartition_sink_topics = {"s"},
                                      .copartition_groups = {{.source_topics = {0, 1},
                                                              .repartition_source_topics = {2}}}}}},
      .active_tasks = std::vector<TaskIds>{{"0", {3, 4}}},
      .standby_tasks = std::vector<TaskIds>{},
      .warmup_tasks = std::vector<TaskIds>{},
      .process_id = "p",
      .user_endpoint = UserEndpoint{"h", 65'535},
      .client_tags = std::vector<KeyValue>{{"z", "1"}},
      .task_end_offsets = std::vector<TaskOffset>{{"0", 1, 2}},
      .shutdown_application = true};

  EXPECT_EQ(encoded(message), to_hex(bytes));
  EXPECT_EQ(decode<StreamsGroupHeartbeatRequest>(bytes), message);
}

TEST(Messages, AskingForAProducerIdIsTheProtocolsBytes) {
  const ByteBuffer bytes = by_hand({
      "06" + text("app-0"),  // transactional id
      "00002710",            // transaction timeout, 10 s
      "ffffffffffffffff",    // no producer id yet
      "ffff00",              // nor an epoch; tags
  });
  const InitProducerIdRequest message{.transactional_id = "app-0",
                                      .transaction_timeout_ms = 10'000};

  EXPECT_EQ(encoded(message), to_hex(bytes));
  EXPECT_EQ(decode<InitProducerIdRequest>(bytes), message);
}

TEST(Messages, AHeartbeatThatChangesNothingSendsNulls) {
  const StreamsGroupHeartbeatRequest delta{.group_id = "g", .member_id = "m", .member_epoch = 5};

  EXPECT_EQ(encoded(delta), "0267026d00000005ffffffff0000ffffffffff00000000ff0000000000");
}

TEST(Messages, AnAnsweredHeartbeatIsTheProtocolsBytes) {
  const ByteBuffer bytes = by_hand({
      "00000002",                            // throttle time
      "000000",                              // no error, no message
      "04" + text("m-0"),                    // member id
      "00000009",                            // epoch
      "00001388",                            // interval, 5 s
      "0000000000000000",                    // recovery lag, offset interval
      "020502" + text("d") + "00",           // status 5, text d
      "0202" + text("1") + "020000000000",   // active 1_0
      "0100",                                // no standby tasks, warm-up tasks null
      "00000003",                            // endpoint epoch
      "0202" + text("h") + "1f9000",         // endpoint h:8080
      "0203" + text("in") + "020000000100",  // in-1 is active there
      "0100",                                // nothing is standby there
      "00",                                  // tags
  });
  using Response = StreamsGroupHeartbeatResponse;
  Response message{.throttle_time_ms = 2,
                   .member_id = "m-0",
                   .member_epoch = 9,
                   .heartbeat_interval_ms = 5'000,
                   .status = std::vector<Response::Status>{{5, "d"}},
                   .active_tasks = std::vector<TaskIds>{{"1", {0}}},
                   .standby_tasks = std::vector<TaskIds>{},
                   .endpoint_information_epoch = 3};
  auto& endpoint = message.partitions_by_user_endpoint.emplace().emplace_back();
  endpoint.user_endpoint = {"h", 8080};
  endpoint.active_partitions = {{"in", {1}}};

  EXPECT_EQ(decode<Response>(bytes), message);
  EXPECT_EQ(encoded(message), to_hex(bytes));
}

TEST(Messages, TheVersionsOfABrokerCarryFeaturesInTags) {
  const ByteBuffer bytes = by_hand({
      "0000",                                           // no error
      "0200580000000100",                               // API 88, versions 0 to 1
      "00000000",                                       // throttle time
      "03",                                             // three tags
      "000c",                                           // 0, supported features, 12 bytes
      "0206" + text("g.ver") + "0001000200",            // g.ver, 1 to 2
      "0108000000000000002a",                           // 1, epoch 42
      "0216",                                           // 2, finalized features, 22 bytes
      "0210" + text("streams.version") + "0001000000",  // streams.version, at most 1
  });
  const ApiVersionsResponse message{.api_keys = {{88, 0, 1}},
                                    .supported_features = {{"g.ver", 1, 2}},
                                    .finalized_features_epoch = 42,
                                    .finalized_features = {{"streams.version", 1, 0}}};

  EXPECT_EQ(decode<ApiVersionsResponse>(bytes), message);
  EXPECT_EQ(encoded(message), to_hex(bytes));
}

TEST(Messages, AskingForVersionsNamesTheSoftware) {
  EXPECT_EQ(encoded(ApiVersionsRequest{"lib", "1.2"}), "046c696204312e3200");
}

TEST(Messages, TheSaslHandshakeIsOfTheTimeBeforeTags) {
  EXPECT_EQ(encoded(SaslHandshakeRequest{.mechanism = "PLAIN"}), "0005" + text("PLAIN"));
  EXPECT_EQ(decode<SaslHandshakeResponse>(
                by_hand({"0021", "00000002", "0005" + text("PLAIN"), "0003" + text("ABC")})),
            (SaslHandshakeResponse{.error_code = 33, .mechanisms = {"PLAIN", "ABC"}}));
}

TEST(Messages, AuthenticatingCarriesTheBytesOfTheMechanism) {
  EXPECT_EQ(encoded(SaslAuthenticateRequest{.auth_bytes = "n,,"}), "04" + text("n,,") + "00");
  EXPECT_EQ(decode<SaslAuthenticateResponse>(
                by_hand({"0000", "00", "03" + text("ab"), "0000000000001388", "00"})),
            (SaslAuthenticateResponse{.auth_bytes = "ab", .session_lifetime_ms = 5'000}));
}

TEST(Messages, AskingForACoordinatorNamesTheGroup) {
  EXPECT_EQ(encoded(FindCoordinatorRequest{.coordinator_keys = {"app"}}), "00020461707000");
}

TEST(Messages, ACoordinatorIsAnAddress) {
  const ByteBuffer bytes = by_hand({"00000000", "02", "04", text("app"), "00000001", "02",
                                    text("h"), "00002384", "0000", "00", "00", "00"});

  EXPECT_EQ(decode<FindCoordinatorResponse>(bytes),
            (FindCoordinatorResponse{.coordinators = {{"app", 1, "h", 9092, 0, std::nullopt}}}));
}

TEST(Messages, ACommitNamesTheMemberAndItsEpoch) {
  const OffsetCommitRequest message{
      .group_id = "g",
      .member_epoch = 4,
      .member_id = "m",
      .topics = {{"t", {{.partition = 1, .offset = 258, .metadata = "x"}}}}};

  EXPECT_EQ(encoded(message),
            "026700000004026d0002027402000000010000000000000102ffffffff0278000000");
}

TEST(Messages, ACommitIsAnsweredPerPartition) {
  const ByteBuffer bytes =
      by_hand({"00000000", "02", "02", text("t"), "02", "00000001", "0071", "00", "00", "00"});

  EXPECT_EQ(decode<OffsetCommitResponse>(bytes),
            (OffsetCommitResponse{.topics = {{"t", {{1, 113}}}}}));
}

TEST(Messages, CommittedOffsetsAreAskedForByGroupAndTopic) {
  const OffsetFetchRequest message{
      .groups = {{.group_id = "g", .topics = std::vector<OffsetFetchRequest::Topic>{{"t", {258}}}}},
      .require_stable = true};

  EXPECT_EQ(encoded(message),
            "02026702027402000001020000"
            "0100");
}

TEST(Messages, ACommittedOffsetHasItsMetadata) {
  const ByteBuffer bytes = by_hand({"00000000", "02", "02", text("g"), "02", "02", text("t"),  //
                                    "02", "00000001", "0000000000000102", "ffffffff", "02",
                                    text("x"), "0000", "00", "00", "0000", "00", "00"});

  EXPECT_EQ(
      decode<OffsetFetchResponse>(bytes),
      (OffsetFetchResponse{
          .groups = {{.group_id = "g",
                      .topics = {{"t", {{.partition = 1, .offset = 258, .metadata = "x"}}}}}}}));
}

TEST(Messages, ADescriptionHoldsTheAssignmentsOfAMember) {
  const ByteBuffer bytes = by_hand({
      "0000000002",                         // throttle time, one group
      "00000002" + text("g"),               // no error, no message, its name
      "07" + text("Stable"),                // its state
      "0000000300000002",                   // its epochs
      "01000000000000",                     // a topology of epoch 0, sub-topologies null
      "0202" + text("m") + "00000002",      // one member, its epoch
      "00000101",                           // no instance id, no rack, client id and host empty
      "0000000002" + text("p"),             // topology epoch, process id
      "ff010101",                           // no endpoint, client tags, offsets, end offsets
      "0202" + text("0") + "020000000500",  // current: active 0_5
      "010100",                             // nothing standby or warm-up
      "01010100",                           // target: nothing
      "0000",                               // not classic, tags
      "8000000000",                         // operations, tags
      "00",                                 // tags
  });
  using Response = StreamsGroupDescribeResponse;
  const Response message{.groups = {{.group_id = "g",
                                     .group_state = "Stable",
                                     .group_epoch = 3,
                                     .assignment_epoch = 2,
                                     .topology = Response::Topology{},
                                     .members = {{.member_id = "m",
                                                  .member_epoch = 2,
                                                  .process_id = "p",
                                                  .current = {.active = {{"0", {5}}}}}}}}};

  EXPECT_EQ(decode<Response>(bytes), message);
  EXPECT_EQ(encoded(message), to_hex(bytes));
}

TEST(Messages, ARequestToDescribeNamesTheGroups) {
  EXPECT_EQ(encoded(StreamsGroupDescribeRequest{.group_ids = {"g"}}), "0202670000");
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
