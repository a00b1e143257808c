#pragma once

#include "moldau/base/status.h"

#include "kafka/wire/connection.h"
#include "kafka/wire/messages.h"
#include "kafka/wire/request_channel.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// From the addresses a user gives to the coordinator of a group or of transactions. The pure
// functions are for a worker that starts a request and comes back for its answer; those with a
// channel wait.
namespace moldau::inline v0::kafka::wire {

// Opens the channel to the first of `servers` that can be reached. Each is given `timeout`. The
// failure names what was wrong with each of them, and is retriable if any of the failures is.
Status open_any(RequestChannel& channel, std::span<const Endpoint> servers,
                std::chrono::milliseconds timeout);

// Names the library and its version to the broker.
[[nodiscard]] ApiVersionsRequest versions_request();

// Whether a cluster can run groups of some kind.
struct GroupSupport {
  bool usable = false;
  // If not: what is missing and how to get it, for an operator.
  std::string why_not = {};
};

// REQUIRES: the answer to a versions_request().
[[nodiscard]] GroupSupport streams_group_support(const ApiVersionsResponse& versions);

// The same for classic groups, which every broker from Kafka 3.0 on has.
[[nodiscard]] GroupSupport classic_group_support(const ApiVersionsResponse& versions);

// The first request on a new connection, answered. An error of the broker's is a Status.
Result<GroupSupport> ask_streams_group_support(RequestChannel& channel,
                                               std::chrono::milliseconds timeout);

// What is coordinated; the numbers are the protocol's.
enum class CoordinatorKind : std::int8_t { group = 0, transaction = 1 };

// `id`: of the group, or the transactional one.
[[nodiscard]] FindCoordinatorRequest coordinator_request(
    std::string_view id, CoordinatorKind kind = CoordinatorKind::group);

// The address, as it is advertised to the listener that was asked. ErrorCode::not_ready, retriable,
// while there is none: asking the first time creates the coordinators' topic, which takes a moment.
[[nodiscard]] Result<Endpoint> coordinator_of(const FindCoordinatorResponse& answer,
                                              std::string_view id,
                                              CoordinatorKind kind = CoordinatorKind::group);

// Asks once.
Result<Endpoint> ask_coordinator(RequestChannel& channel, std::string_view id,
                                 std::chrono::milliseconds timeout,
                                 CoordinatorKind kind = CoordinatorKind::group);

}  // namespace moldau::inline v0::kafka::wire
