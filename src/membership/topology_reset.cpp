#include "membership/topology_reset.h"

#include "kafka/wire/errors.h"
#include "membership/coordinator_call.h"

#include <optional>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;
namespace error_code = kafka::wire::error_code;

// The shortest that brokers take by default; the member leaves at once.
constexpr int session_timeout_ms = 6'000;

// A subscription of the consumer protocol, version 0: no topics, no data of the user.
std::string empty_subscription() { return {"\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff", 10}; }

// One reset; asked again it goes on where it was.
class Reset {
 public:
  Reset(kafka::wire::CoordinatorLink& link, const std::string& group_id)
      : link_(link), group_id_(group_id) {}

  Status operator()(milliseconds timeout) {
    if (!member_id_) {
      bool has_topology = false;
      if (Status status = look(timeout, has_topology); !status) return status;
      if (!has_topology) return {};
    }
    if (!joined_) {
      if (Status status = join(timeout); !status) return status;
    }
    return leave(timeout);
  }

 private:
  Status look(milliseconds timeout, bool& has_topology) {
    const auto answer = link_.channel().call(
        kafka::wire::StreamsGroupDescribeRequest{.group_ids = {group_id_}}, timeout);
    if (!answer) return broken(answer.error());
    if (answer->groups.size() != 1) return {};
    const auto& group = answer->groups.front();
    if (group.error_code == error_code::group_id_not_found) return {};
    if (Status status = refused(group.error_code, group.error_message); !status) return status;
    if (!group.members.empty()) {
      return Status::permanent(
          ErrorCode::invalid_state,
          "group \"" + group_id_ + "\" has " + std::to_string(group.members.size()) +
              " member(s): its topology is reset when every instance is stopped. A member that was "
              "killed stays until its session is over");
    }
    has_topology = true;
    return {};
  }

  Status join(milliseconds timeout) {
    kafka::wire::JoinGroupRequest request{
        .group_id = group_id_,
        .session_timeout_ms = session_timeout_ms,
        .rebalance_timeout_ms = session_timeout_ms,
        .member_id = member_id_.value_or(""),
        .protocol_type = "consumer",
        .protocols = {{.name = "moldau-topology-reset", .metadata = empty_subscription()}}};
    auto answer = link_.channel().call(request, timeout);
    if (answer && answer->error_code == error_code::member_id_required) {
      request.member_id = answer->member_id;
      member_id_ = answer->member_id;
      answer = link_.channel().call(request, timeout);
    }
    if (!answer) return broken(answer.error());
    if (Status status = refused(answer->error_code); !status) return status;
    member_id_ = answer->member_id;
    joined_ = true;
    return {};
  }

  Status leave(milliseconds timeout) {
    const auto answer = link_.channel().call(
        kafka::wire::LeaveGroupRequest{
            .group_id = group_id_,
            .members = {{.member_id = *member_id_, .group_instance_id = std::nullopt}}},
        timeout);
    if (!answer) return broken(answer.error());
    return refused(answer->error_code);
  }

  Status broken(Status status) {
    link_.broken();
    return status;
  }

  Status refused(std::int16_t code, const std::optional<std::string>& message = {}) {
    Status status = kafka::wire::status_of(
        code, "group \"" + group_id_ + "\": resetting its topology", message);
    if (status.retriable()) link_.moved();
    return status;
  }

  kafka::wire::CoordinatorLink& link_;
  const std::string& group_id_;
  std::optional<std::string> member_id_;  // from the broker; from then on the group may be classic
  bool joined_ = false;
};

}  // namespace

Status forget_topology(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                       milliseconds timeout, const Clock& clock) {
  Reset reset{link, group_id};
  return call_coordinator(
      link, group_id, [&](milliseconds left) { return reset(left); }, timeout, clock);
}

}  // namespace moldau::inline v0::membership
