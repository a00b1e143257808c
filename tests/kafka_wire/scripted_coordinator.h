#pragma once

#include "moldau/base/random.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/bootstrap.h"
#include "kafka/wire/frame.h"
#include "kafka/wire/messages.h"
#include "kafka_wire/scripted_connection.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::wire {

// The answers of a cluster to whatever is asked on one connection: who the coordinator is, and what
// the test wants it to say. nullopt is silence.
class ScriptedCoordinator {
 public:
  using Heartbeat = StreamsGroupHeartbeatRequest;
  using Describe = StreamsGroupDescribeRequest;
  using Commit = OffsetCommitRequest;
  using Fetch = OffsetFetchRequest;

  ScriptedCoordinator() : connection_(std::make_unique<ScriptedConnection>()) {
    script = connection_.get();
    script->on_send = [this] { answer(); };
  }

  // To be handed to what is tested, once; `script` stays valid as long as that lives.
  std::unique_ptr<ScriptedConnection> take_connection() { return std::move(connection_); }

  ScriptedConnection* script;
  Endpoint coordinator{"coordinator", 9092};
  std::int16_t feature_level = 1;
  std::int16_t find_error = 0;
  std::function<std::optional<Heartbeat::Response>(const Heartbeat&)> heartbeat;
  std::function<std::optional<Describe::Response>(const Describe&)> describe;
  std::function<std::optional<Commit::Response>(const Commit&)> commit;
  std::function<std::optional<Fetch::Response>(const Fetch&)> fetch;

  std::vector<Heartbeat> heartbeats;
  std::vector<std::string> client_ids;  // of the heartbeats
  std::vector<Commit> commits;
  std::vector<Fetch> fetches;
  int finds = 0;

 private:
  void answer() {
    const auto request = split_request(script->sent.back());
    switch (request.header.api_key) {
      case ApiVersionsRequest::api_key:
        return script->answer_last(versions(), 0);
      case FindCoordinatorRequest::api_key:
        ++finds;
        return script->answer_last(found(decode<FindCoordinatorRequest>(request.body)));
      case Heartbeat::api_key:
        heartbeats.push_back(decode<Heartbeat>(request.body));
        client_ids.push_back(request.header.client_id.value_or(""));
        return say(heartbeat, heartbeats.back());
      case Describe::api_key:
        return say(describe, decode<Describe>(request.body));
      case Commit::api_key:
        commits.push_back(decode<Commit>(request.body));
        return say(commit, commits.back());
      case Fetch::api_key:
        fetches.push_back(decode<Fetch>(request.body));
        return say(fetch, fetches.back());
      default:
        throw std::logic_error("a request that nobody expects");
    }
  }

  template <class Handler, class Request>
  void say(const Handler& handler, const Request& request) {
    if (!handler) return;
    if (const auto response = handler(request)) script->answer_last(*response);
  }

  [[nodiscard]] ApiVersionsResponse versions() const {
    ApiVersionsResponse response;
    for (const auto& [key, version] :
         {std::pair{88, 0}, {89, 0}, {10, 4}, {8, 9}, {9, 8}, {11, 6}, {12, 4}, {13, 4}, {14, 4}}) {
      response.api_keys.push_back({.api_key = static_cast<std::int16_t>(key),
                                   .min_version = 0,
                                   .max_version = static_cast<std::int16_t>(version)});
    }
    if (feature_level > 0) {
      response.finalized_features.push_back({.name = "streams.version",
                                             .max_version_level = feature_level,
                                             .min_version_level = feature_level});
    }
    return response;
  }

  [[nodiscard]] FindCoordinatorResponse found(const FindCoordinatorRequest& request) const {
    FindCoordinatorResponse response;
    auto& each = response.coordinators.emplace_back();
    each.key = request.coordinator_keys.front();
    each.error_code = find_error;
    if (find_error == 0) {
      each.host = coordinator.host;
      each.port = coordinator.port;
    }
    return response;
  }

  std::unique_ptr<ScriptedConnection> connection_;
};

inline kafka::CommittedOffset committed(std::string topic, int partition, std::int64_t next,
                                        std::string metadata = {}) {
  kafka::CommittedOffset offset;
  offset.partition = {std::move(topic), PartitionId{partition}};
  offset.next = Offset{next};
  offset.metadata = std::move(metadata);
  return offset;
}

// Numbers that are not random at all.
class FixedRandom final : public Random {
 public:
  std::uint64_t next() override { return 200; }
};

}  // namespace moldau::inline v0::kafka::wire
