#include "kafka/memory/classic_connection.h"

#include "kafka/wire/errors.h"
#include "kafka/wire/frame.h"
#include "kafka/wire/messages.h"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace moldau::inline v0::kafka::memory {

namespace {

using std::chrono::milliseconds;

template <class Response>
ByteBuffer framed(std::int32_t correlation_id, const Response& response,
                  std::int16_t header_version = 1) {
  ByteBuffer frame;
  wire::append_response_header(correlation_id, header_version, frame);
  encode(response, frame);
  return frame;
}

template <class Request>
void offer(wire::ApiVersionsResponse& response, std::int16_t version = Request::api_version) {
  response.api_keys.push_back(
      {.api_key = Request::api_key, .min_version = 0, .max_version = version});
}

// What a broker of Kafka 3.0 offers of what is asked here.
wire::ApiVersionsResponse versions() {
  wire::ApiVersionsResponse response;
  offer<wire::FindCoordinatorRequest>(response);
  offer<wire::OffsetCommitRequest>(response, 8);
  offer<wire::OffsetFetchRequest>(response);
  offer<wire::JoinGroupRequest>(response);
  offer<wire::SyncGroupRequest>(response);
  offer<wire::HeartbeatRequest>(response);
  offer<wire::LeaveGroupRequest>(response);
  return response;
}

class ClassicConnection final : public wire::Connection {
 public:
  explicit ClassicConnection(Broker& broker) : broker_(broker) {}

  Status open(const wire::Endpoint& /*to*/, milliseconds /*timeout*/) override {
    close();
    open_ = true;
    return {};
  }
  void close() override {
    open_ = false;
    answer_.reset();
    later_ = nullptr;
  }
  [[nodiscard]] bool is_open() const override { return open_; }

  Status send(Bytes frame, milliseconds /*timeout*/) override {
    const wire::RequestFrame request = wire::split_request(frame);
    correlation_id_ = request.header.correlation_id;
    Broker::Turn turn{broker_};
    serve(turn, request);
    turn.changed();
    return {};
  }

  Result<std::optional<ByteBuffer>> receive(milliseconds timeout) override {
    if (answer_) return std::exchange(answer_, std::nullopt);
    if (!later_) return std::optional<ByteBuffer>{};
    Broker::Turn turn{broker_};
    turn.wait(timeout, [&] { return woken_.exchange(false) || later_(turn); });
    if (answer_) later_ = nullptr;
    return std::exchange(answer_, std::nullopt);
  }

  void wake() override { woken_.store(true); }

 private:
  template <class Response>
  void say(const Response& response, std::int16_t header_version = 1) {
    answer_ = framed(correlation_id_, response, header_version);
  }

  void serve(Broker::Turn& turn, const wire::RequestFrame& request) {
    switch (request.header.api_key) {
      case wire::ApiVersionsRequest::api_key:
        return say(versions(), wire::ApiVersionsRequest::response_header_version);
      case wire::FindCoordinatorRequest::api_key:
        return find(wire::decode<wire::FindCoordinatorRequest>(request.body));
      case wire::JoinGroupRequest::api_key:
        return join(turn, wire::decode<wire::JoinGroupRequest>(request.body));
      case wire::SyncGroupRequest::api_key:
        return sync(turn, wire::decode<wire::SyncGroupRequest>(request.body));
      case wire::HeartbeatRequest::api_key: {
        const auto beat = wire::decode<wire::HeartbeatRequest>(request.body);
        return say(wire::HeartbeatResponse{
            .error_code = turn->groups.classic_group(beat.group_id).heartbeat(beat, turn.now())});
      }
      case wire::LeaveGroupRequest::api_key:
        return leave(turn, wire::decode<wire::LeaveGroupRequest>(request.body));
      case wire::OffsetCommitRequest::api_key:
        return commit(turn, wire::decode<wire::OffsetCommitRequest>(request.body));
      case wire::OffsetFetchRequest::api_key:
        return fetch(turn, wire::decode<wire::OffsetFetchRequest>(request.body));
      default:
        close();  // as a broker does about what it does not know
    }
  }

  void find(const wire::FindCoordinatorRequest& request) {
    wire::FindCoordinatorResponse response;
    for (const std::string& key : request.coordinator_keys) {
      response.coordinators.push_back({.key = key, .node_id = 1, .host = "memory", .port = 9092});
    }
    say(response);
  }

  void join(Broker::Turn& turn, const wire::JoinGroupRequest& request) {
    std::string member_id = request.member_id;
    const std::int16_t code = turn->groups.join_classic(request, member_id, turn.now());
    if (code != wire::error_code::none) {
      return say(wire::JoinGroupResponse{.error_code = code, .member_id = member_id});
    }
    later_ = [this, group = request.group_id, member_id](Broker::Turn& now) {
      return answered(now->groups.classic_group(group).joined(member_id));
    };
  }

  void sync(Broker::Turn& turn, const wire::SyncGroupRequest& request) {
    const std::int16_t code =
        turn->groups.classic_group(request.group_id).sync(request, turn.now());
    if (code != wire::error_code::none) return say(wire::SyncGroupResponse{.error_code = code});
    later_ = [this, group = request.group_id, member = request.member_id](Broker::Turn& now) {
      return answered(now->groups.classic_group(group).synced(member));
    };
  }

  template <class Response>
  bool answered(const std::optional<Response>& response) {
    if (response) say(*response);
    return response.has_value();
  }

  void leave(Broker::Turn& turn, const wire::LeaveGroupRequest& request) {
    wire::LeaveGroupResponse response;
    for (const auto& member : request.members) {
      response.members.push_back(
          {.member_id = member.member_id,
           .group_instance_id = member.group_instance_id,
           .error_code = turn->groups.classic_group(request.group_id).leave(member, turn.now())});
    }
    say(response);
  }

  void fetch(Broker::Turn& turn, const wire::OffsetFetchRequest& request) {
    wire::OffsetFetchResponse response;
    for (const auto& group : request.groups) {
      auto& answer = response.groups.emplace_back();
      answer.group_id = group.group_id;
      if (!group.topics) {
        answer.error_code = wire::error_code::invalid_request;  // nobody here asks for all
        continue;
      }
      const GroupOffsets& offsets = turn->groups.offsets(group.group_id);
      for (const auto& topic : *group.topics) {
        auto& answered = answer.topics.emplace_back();
        answered.topic = topic.topic;
        for (const std::int32_t number : topic.partitions) {
          const TopicPartition partition{topic.topic, PartitionId{number}};
          auto& one = answered.partitions.emplace_back();
          one.partition = number;
          one.offset = -1;
          if (request.require_stable && offsets.pending({&partition, 1})) {
            one.error_code = wire::error_code::unstable_offset_commit;
            continue;
          }
          const std::vector<CommittedOffset> committed = offsets.committed({&partition, 1});
          if (committed.empty()) continue;
          one.offset = committed.front().next.value();
          one.metadata = committed.front().metadata;
        }
      }
    }
    say(response);
  }

  void commit(Broker::Turn& turn, const wire::OffsetCommitRequest& request) {
    const std::int16_t code = turn->groups.classic_group(request.group_id)
                                  .check_commit(request.member_id, request.member_epoch);
    std::vector<CommittedOffset> offsets;
    wire::OffsetCommitResponse response;
    for (const auto& topic : request.topics) {
      auto& answer = response.topics.emplace_back();
      answer.topic = topic.topic;
      for (const auto& partition : topic.partitions) {
        answer.partitions.push_back({.partition = partition.partition, .error_code = code});
        offsets.push_back({.partition = {topic.topic, PartitionId{partition.partition}},
                           .next = Offset{partition.offset},
                           .metadata = partition.metadata.value_or("")});
      }
    }
    if (code == wire::error_code::none) turn->groups.offsets(request.group_id).commit(offsets);
    say(response);
  }

  Broker& broker_;
  bool open_ = false;
  std::atomic<bool> woken_ = false;
  std::int32_t correlation_id_ = 0;
  std::optional<ByteBuffer> answer_;
  std::function<bool(Broker::Turn&)> later_;  // true once the answer is there; empty: none is due
};

}  // namespace

std::unique_ptr<wire::Connection> make_classic_connection(Broker& broker) {
  return std::make_unique<ClassicConnection>(broker);
}

}  // namespace moldau::inline v0::kafka::memory
