#include "kafka/wire/bootstrap.h"

#include "moldau/version.h"

#include "kafka/wire/errors.h"

#include <algorithm>
#include <limits>

namespace moldau::inline v0::kafka::wire {

namespace {

constexpr std::string_view feature = "streams.version";
constexpr std::string_view needed =
    "streams groups need brokers of Kafka 4.2 or newer with the feature streams.version=1";

// Has the layout of the version that is generated.
constexpr std::int16_t oldest_offset_commit = 8;

bool speaks(const ApiVersionsResponse& versions, std::int16_t key, std::int16_t version) {
  return std::ranges::any_of(versions.api_keys, [&](const auto& api) {
    return api.api_key == key && api.min_version <= version && version <= api.max_version;
  });
}

template <class Request>
bool speaks(const ApiVersionsResponse& versions) {
  return speaks(versions, Request::api_key, Request::api_version);
}

GroupSupport unusable(const std::string& why) {
  return {.usable = false, .why_not = std::string{needed} + ": " + why};
}

}  // namespace

Status open_any(RequestChannel& channel, std::span<const Endpoint> servers,
                std::chrono::milliseconds timeout) {
  if (servers.empty()) {
    return Status::permanent(ErrorCode::invalid_request, "there is no bootstrap server to ask");
  }
  std::string problems;
  Status last;
  bool any_retriable = false;
  for (const Endpoint& server : servers) {
    last = channel.open(server, timeout);
    if (last.ok()) return last;
    any_retriable = any_retriable || last.retriable();
    problems += (problems.empty() ? "" : "; ") + std::string{last.message()};
  }
  return any_retriable ? Status::retriable(ErrorCode::transport, problems)
                       : Status::permanent(last.code(), problems);
}

ApiVersionsRequest versions_request() {
  return {.client_software_name = "moldau", .client_software_version = MOLDAU_VERSION};
}

GroupSupport streams_group_support(const ApiVersionsResponse& versions) {
  if (versions.error_code == error_code::unsupported_version) {
    return unusable("this broker is much older");
  }
  if (!speaks<StreamsGroupHeartbeatRequest>(versions) ||
      !speaks<StreamsGroupDescribeRequest>(versions)) {
    return unusable("this broker does not offer them");
  }
  if (!speaks<FindCoordinatorRequest>(versions) || !speaks<OffsetFetchRequest>(versions) ||
      !speaks<OffsetCommitRequest>(versions)) {
    return unusable("this broker lacks FindCoordinator 4, OffsetFetch 8 or OffsetCommit 9");
  }
  const auto finalized = std::ranges::find(versions.finalized_features, feature,
                                           &ApiVersionsResponse::FinalizedFeature::name);
  const bool on =
      finalized != versions.finalized_features.end() && finalized->max_version_level >= 1;
  if (!on) {
    return unusable(
        "the brokers know the feature, but it is off; switch it on with "
        "kafka-features.sh --bootstrap-server <host:port> upgrade --feature streams.version=1, or "
        "set group.protocol=classic");
  }
  return {.usable = true};
}

GroupSupport classic_group_support(const ApiVersionsResponse& versions) {
  const std::string needed_here =
      "classic groups need brokers of Kafka 3.0 or newer, or compatible ones";
  if (versions.error_code == error_code::unsupported_version) {
    return {.usable = false, .why_not = needed_here + ": this broker is much older"};
  }
  const bool speaks_all =
      speaks<JoinGroupRequest>(versions) && speaks<SyncGroupRequest>(versions) &&
      speaks<HeartbeatRequest>(versions) && speaks<LeaveGroupRequest>(versions) &&
      speaks<FindCoordinatorRequest>(versions) && speaks<OffsetFetchRequest>(versions) &&
      speaks(versions, OffsetCommitRequest::api_key, oldest_offset_commit);
  if (speaks_all) return {.usable = true};
  return {.usable = false,
          .why_not = needed_here +
                     ": this broker lacks one of JoinGroup 6, SyncGroup 4, Heartbeat 4, LeaveGroup "
                     "4, FindCoordinator 4, OffsetFetch 8 and OffsetCommit 8"};
}

Result<GroupSupport> ask_streams_group_support(RequestChannel& channel,
                                               std::chrono::milliseconds timeout) {
  const Result<ApiVersionsResponse> versions = channel.call(versions_request(), timeout);
  if (!versions.ok()) return versions.error();
  const bool answered = versions->error_code == error_code::none ||
                        versions->error_code == error_code::unsupported_version;
  if (!answered) return status_of(versions->error_code, "asking the broker for its versions");
  return streams_group_support(*versions);
}

FindCoordinatorRequest coordinator_request(std::string_view id, CoordinatorKind kind) {
  return {.key_type = static_cast<std::int8_t>(kind), .coordinator_keys = {std::string{id}}};
}

Result<Endpoint> coordinator_of(const FindCoordinatorResponse& answer, std::string_view id,
                                CoordinatorKind kind) {
  const std::string what = "finding the coordinator of " +
                           std::string{kind == CoordinatorKind::group ? "group" : "transactions"} +
                           " \"" + std::string{id} + "\"";
  const auto found =
      std::ranges::find(answer.coordinators, id, &FindCoordinatorResponse::Coordinator::key);
  if (found == answer.coordinators.end()) {
    return Status::retriable(ErrorCode::not_ready, what + ": the broker answered for others");
  }
  if (found->error_code != error_code::none) {
    return status_of(found->error_code, what, found->error_message);
  }
  if (found->host.empty() || found->port <= 0 ||
      found->port > std::numeric_limits<std::uint16_t>::max()) {
    return Status::retriable(ErrorCode::not_ready,
                             what + ": the broker gave no usable address: \"" + found->host +
                                 "\", port " + std::to_string(found->port));
  }
  return Endpoint{.host = found->host, .port = static_cast<std::uint16_t>(found->port)};
}

Result<Endpoint> ask_coordinator(RequestChannel& channel, std::string_view id,
                                 std::chrono::milliseconds timeout, CoordinatorKind kind) {
  const Result<FindCoordinatorResponse> answer =
      channel.call(coordinator_request(id, kind), timeout);
  if (!answer.ok()) return answer.error();
  return coordinator_of(*answer, id, kind);
}

}  // namespace moldau::inline v0::kafka::wire
