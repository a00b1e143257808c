#include "membership/refusal.h"

#include "kafka/wire/errors.h"

#include <utility>

namespace moldau::inline v0::membership {

namespace {

namespace error_code = kafka::wire::error_code;

Reaction reaction_to(std::int16_t code, bool joining) {
  switch (code) {
    case error_code::coordinator_load_in_progress:
      return Reaction::repeat;
    case error_code::not_coordinator:
      return Reaction::find_coordinator;
    case error_code::coordinator_not_available:
      // Also said by a coordinator that could not see its own write through in time.
      return Reaction::recover;
    case error_code::unknown_member_id:
    case error_code::fenced_member_epoch:
      return joining ? Reaction::repeat : Reaction::fenced;
    case error_code::group_id_not_found:
      // A join makes a group that is not there, so there is one, of another kind.
      return joining ? Reaction::fatal : Reaction::fenced;
    case error_code::topic_authorization_failed:
      return Reaction::wait_and_report;
    case error_code::group_max_size_reached:
      return Reaction::fatal;
    default: {
      const kafka::wire::ProtocolError* error = kafka::wire::find_protocol_error(code);
      return error != nullptr && error->retriable ? Reaction::recover : Reaction::fatal;
    }
  }
}

std::string_view remedy(std::int16_t code) {
  switch (code) {
    case error_code::group_id_not_found:
      return ". The group id is in use by another group protocol: stop the members of that group, "
             "or choose another application.id";
    case error_code::unsupported_version:
      return ". Streams groups need brokers of Kafka 4.2 or newer with the feature "
             "streams.version=1, and \"streams\" among group.coordinator.rebalance.protocols; "
             "group.protocol=classic works without them";
    case error_code::invalid_request:
      return ". A group keeps the topology of its first member: if the topology has changed, stop "
             "every instance and reset the group's topology by Streams::reset_topology() before "
             "starting again";
    case error_code::group_max_size_reached:
      return ". Start fewer threads, or raise group.streams.max.size at the brokers";
    case error_code::group_authorization_failed:
      return ". The principal needs READ on the group";
    case error_code::topic_authorization_failed:
      return ". The principal needs DESCRIBE on every source and internal topic";
    default:
      return "";
  }
}

}  // namespace

Refusal judge(std::int16_t code, const std::optional<std::string>& broker_message,
              std::string_view group_id, bool joining) {
  const Reaction reaction = reaction_to(code, joining);
  const Status plain = kafka::wire::status_of(
      code, "group \"" + std::string{group_id} + "\" refuses this member", broker_message);
  std::string message = std::string{plain.message()} + std::string{remedy(code)};
  return {.reaction = reaction,
          .status = Status{
              plain.code(), std::move(message),
              Status::Kind{.retriable = reaction != Reaction::fatal && reaction != Reaction::fenced,
                           .fatal = reaction == Reaction::fatal,
                           .fenced = reaction == Reaction::fenced}}};
}

}  // namespace moldau::inline v0::membership
