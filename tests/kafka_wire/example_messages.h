#pragma once

#include "kafka/wire/messages.h"

#include <tuple>

namespace moldau::inline v0::kafka::wire {

// One of each message, every field filled with something else than its default.

inline TopicInfo example_topic(const std::string& name) {
  return {.name = name,
          .partitions = 6,
          .replication_factor = -1,
          .topic_configs = {{"cleanup.policy", "compact"}, {"empty", ""}}};
}

inline std::vector<TaskIds> example_tasks(const std::string& subtopology) {
  return {{subtopology, {0, 3}}, {subtopology + "1", {}}};
}

inline StreamsGroupHeartbeatRequest example_heartbeat() {
  return {
      .group_id = "app",
      .member_id = "member-0",
      .member_epoch = 7,
      .endpoint_information_epoch = 2,
      .instance_id = "static",
      .rack_id = "rack",
      .rebalance_timeout_ms = 300'000,
      .topology =
          Topology{.epoch = 1,
                   .subtopologies = {{.subtopology_id = "0",
                                      .source_topics = {"a", "b"},
                                      .source_topic_regex = {"a.*"},
                                      .state_changelog_topics = {example_topic("c")},
                                      .repartition_sink_topics = {"sink"},
                                      .repartition_source_topics = {example_topic("r")},
                                      .copartition_groups = {{.source_topics = {1, 0},
                                                              .source_topic_regex = {0},
                                                              .repartition_source_topics = {0}}}}}},
      .active_tasks = example_tasks("0"),
      .standby_tasks = example_tasks("2"),
      .warmup_tasks = example_tasks("4"),
      .process_id = "process",
      .user_endpoint = UserEndpoint{"host", 65'535},
      .client_tags = std::vector<KeyValue>{{"zone", "a"}},
      .task_offsets = std::vector<TaskOffset>{{"0", 1, 1'000'000'000'000}},
      .task_end_offsets = std::vector<TaskOffset>{{"0", 1, -1}},
      .shutdown_application = true};
}

inline StreamsGroupHeartbeatResponse example_heartbeat_answer() {
  using Response = StreamsGroupHeartbeatResponse;
  Response response{.throttle_time_ms = 1,
                    .error_code = 110,
                    .error_message = "fenced",
                    .member_id = "member-0",
                    .member_epoch = -1,
                    .heartbeat_interval_ms = 5'000,
                    .acceptable_recovery_lag = 10'000,
                    .task_offset_interval_ms = 60'000,
                    .status = std::vector<Response::Status>{{5, "delayed"}, {1, ""}},
                    .active_tasks = example_tasks("0"),
                    .standby_tasks = example_tasks("2"),
                    .warmup_tasks = example_tasks("4"),
                    .endpoint_information_epoch = 9};
  auto& endpoint = response.partitions_by_user_endpoint.emplace().emplace_back();
  endpoint.user_endpoint = {"host", 8080};
  endpoint.active_partitions = {{"in", {0, 1}}};
  endpoint.standby_partitions = {{"in", {2}}, {"other", {}}};
  return response;
}

inline StreamsGroupDescribeResponse example_description() {
  using Response = StreamsGroupDescribeResponse;
  const Response::Member member{.member_id = "member-0",
                                .member_epoch = 3,
                                .instance_id = "static",
                                .rack_id = "rack",
                                .client_id = "client",
                                .client_host = "/127.0.0.1",
                                .topology_epoch = 1,
                                .process_id = "process",
                                .user_endpoint = UserEndpoint{"host", 1},
                                .client_tags = {{"zone", "a"}},
                                .task_offsets = {{"0", 1, 2}},
                                .task_end_offsets = {{"0", 1, 3}},
                                .current = {example_tasks("0"), {}, {}},
                                .target = {example_tasks("0"), example_tasks("1"), {}},
                                .is_classic = true};
  const Response::Topology topology{.epoch = 1,
                                    .subtopologies = std::vector<Response::Subtopology>{
                                        {.subtopology_id = "0",
                                         .source_topics = {"a"},
                                         .repartition_sink_topics = {"s"},
                                         .state_changelog_topics = {example_topic("c")},
                                         .repartition_source_topics = {example_topic("r")}}}};
  return {.throttle_time_ms = 1,
          .groups = {{.error_code = 69,
                      .error_message = "none",
                      .group_id = "app",
                      .group_state = "Stable",
                      .group_epoch = 4,
                      .assignment_epoch = 3,
                      .topology = topology,
                      .members = {member, {}},
                      .authorized_operations = 8}}};
}

inline auto example_messages() {
  return std::tuple{
      ApiVersionsRequest{.client_software_name = "moldau", .client_software_version = "1.0"},
      ApiVersionsResponse{.error_code = 35,
                          .api_keys = {{18, 0, 4}, {88, 0, 0}},
                          .throttle_time_ms = 5,
                          .supported_features = {{"group.version", 1, 2}},
                          .finalized_features_epoch = 42,
                          .finalized_features = {{"streams.version", 1, 0}}},
      FindCoordinatorRequest{.key_type = 1, .coordinator_keys = {"app", "other"}},
      FindCoordinatorResponse{.throttle_time_ms = 1,
                              .coordinators = {{"app", 1, "host", 9092, 0, std::nullopt},
                                               {"other", -1, "", -1, 15, "none"}}},
      JoinGroupRequest{.group_id = "app",
                       .session_timeout_ms = 45'000,
                       .rebalance_timeout_ms = 300'000,
                       .member_id = "member-0",
                       .group_instance_id = "static",
                       .protocol_type = "consumer",
                       .protocols = {{"moldau", std::string{"\0\x01", 2}}, {"other", ""}}},
      JoinGroupResponse{.throttle_time_ms = 1,
                        .error_code = 79,
                        .generation_id = 3,
                        .protocol_name = "moldau",
                        .leader = "member-1",
                        .member_id = "member-0",
                        .members = {{"member-0", "static", std::string{"\0", 1}},
                                    {"member-1", std::nullopt, "bytes"}}},
      HeartbeatRequest{
          .group_id = "app", .generation_id = 3, .member_id = "m", .group_instance_id = "static"},
      HeartbeatResponse{.throttle_time_ms = 1, .error_code = 27},
      LeaveGroupRequest{.group_id = "app", .members = {{"member-0", "static"}, {"", "other"}}},
      LeaveGroupResponse{
          .throttle_time_ms = 1, .error_code = 16, .members = {{"member-0", "static", 25}}},
      SyncGroupRequest{.group_id = "app",
                       .generation_id = 3,
                       .member_id = "member-0",
                       .group_instance_id = "static",
                       .assignments = {{"member-0", std::string{"\0\x01", 2}}, {"m", ""}}},
      SyncGroupResponse{
          .throttle_time_ms = 1, .error_code = 22, .assignment = std::string{"\0", 1}},
      SaslHandshakeRequest{.mechanism = "PLAIN"},
      SaslHandshakeResponse{.error_code = 33, .mechanisms = {"PLAIN", "SCRAM-SHA-256"}},
      SaslAuthenticateRequest{.auth_bytes = std::string{"\0user\0word", 10}},
      SaslAuthenticateResponse{.error_code = 58,
                               .error_message = "no",
                               .auth_bytes = std::string{"\x01\0", 2},
                               .session_lifetime_ms = 5'000},
      example_heartbeat(),
      example_heartbeat_answer(),
      StreamsGroupDescribeRequest{.group_ids = {"app", ""}, .include_authorized_operations = true},
      example_description(),
      OffsetCommitRequest{
          .group_id = "app",
          .member_epoch = 5,
          .member_id = "member-0",
          .instance_id = "static",
          .topics = {{.topic = "in",
                      .partitions = {{.partition = 1, .offset = 1LL << 40, .leader_epoch = 2},
                                     {.partition = 2, .offset = 0, .metadata = "m"}}}}},
      OffsetCommitResponse{.throttle_time_ms = 1, .topics = {{"in", {{1, 0}, {2, 113}}}}},
      OffsetFetchRequest{
          .groups = {{.group_id = "app",
                      .topics = std::vector<OffsetFetchRequest::Topic>{{"in", {1, 2}}, {"", {}}}},
                     {.group_id = "other", .topics = std::nullopt}},
          .require_stable = true},
      OffsetFetchResponse{
          .throttle_time_ms = 1,
          .groups = {{.group_id = "app",
                      .topics = {{"in",
                                  {{.partition = 1, .offset = 1LL << 40, .metadata = "m"},
                                   {.partition = 2, .offset = -1, .error_code = 88}}}},
                      .error_code = 16}}},
      InitProducerIdRequest{.transactional_id = "app-0",
                            .transaction_timeout_ms = 10'000,
                            .producer_id = 1LL << 40,
                            .producer_epoch = 3},
      InitProducerIdResponse{
          .throttle_time_ms = 1, .error_code = 51, .producer_id = 7, .producer_epoch = 8}};
}

// Calls `check` with each of them.
template <class F>
void for_each_example(F check) {
  std::apply([&](const auto&... message) { (check(message), ...); }, example_messages());
}

}  // namespace moldau::inline v0::kafka::wire
