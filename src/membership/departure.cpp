#include "membership/departure.h"

#include "kafka/wire/errors.h"
#include "membership/coordinator_call.h"
#include "membership/heartbeat_requests.h"

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;

Status leave_once(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                  const std::string& member_id, milliseconds timeout) {
  const auto answer =
      link.channel().call(leave_heartbeat({.group_id = group_id, .member_id = member_id}), timeout);
  if (!answer) {
    link.broken();
    return answer.error();
  }
  Status status = kafka::wire::status_of(answer->error_code, "group \"" + group_id + "\": leaving",
                                         answer->error_message);
  if (status.fenced()) return {};
  if (status.retriable()) link.moved();
  return status;
}

Status leave_classic_once(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                          const std::string& instance_id, milliseconds timeout) {
  const kafka::wire::LeaveGroupRequest request{
      .group_id = group_id, .members = {{.member_id = {}, .group_instance_id = instance_id}}};
  const auto answer = link.channel().call(request, timeout);
  if (!answer) {
    link.broken();
    return answer.error();
  }
  std::int16_t code = answer->error_code;
  if (code == kafka::wire::error_code::none && !answer->members.empty()) {
    code = answer->members.front().error_code;
  }
  Status status = kafka::wire::status_of(code, "group \"" + group_id + "\": leaving");
  if (status.fenced()) return {};
  if (status.retriable()) link.moved();
  return status;
}

using LeaveOnce = Status (*)(kafka::wire::CoordinatorLink&, const std::string&, const std::string&,
                             milliseconds);

Status leave_all(LeaveOnce leave, kafka::wire::CoordinatorLink& link, const std::string& group_id,
                 std::span<const std::string> member_ids, milliseconds timeout,
                 const Clock& clock) {
  return call_coordinator(
      link, group_id,
      [&](milliseconds left) -> Status {
        while (!member_ids.empty()) {
          if (Status status = leave(link, group_id, member_ids.front(), left); !status)
            return status;
          member_ids = member_ids.subspan(1);
        }
        return {};
      },
      timeout, clock);
}

}  // namespace

Status leave_for(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                 std::span<const std::string> member_ids, milliseconds timeout,
                 const Clock& clock) {
  return leave_all(leave_once, link, group_id, member_ids, timeout, clock);
}

Status leave_classic_for(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                         std::span<const std::string> instance_ids, milliseconds timeout,
                         const Clock& clock) {
  return leave_all(leave_classic_once, link, group_id, instance_ids, timeout, clock);
}

}  // namespace moldau::inline v0::membership
