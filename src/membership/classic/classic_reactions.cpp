#include "membership/classic/classic_reactions.h"

#include "kafka/wire/errors.h"

#include <string>

namespace moldau::inline v0::membership::classic {

namespace {

namespace error_code = kafka::wire::error_code;

Reaction reaction_to(std::int16_t code) {
  switch (code) {
    case error_code::coordinator_load_in_progress:
      return Reaction::repeat;
    case error_code::not_coordinator:
    case error_code::coordinator_not_available:
      return Reaction::find_coordinator;
    case error_code::member_id_required:
      return Reaction::take_member_id;
    // A member that the group has forgotten is not known by its id any more: who is known has been
    // a member all the time, so nobody else was given its tasks.
    case error_code::rebalance_in_progress:
    case error_code::illegal_generation:
      return Reaction::rejoin;
    case error_code::unknown_member_id:
      return Reaction::lost;
    case error_code::fenced_instance_id:
    case error_code::group_max_size_reached:
      return Reaction::fatal;
    default: {
      const kafka::wire::ProtocolError* error = kafka::wire::find_protocol_error(code);
      return error != nullptr && error->retriable ? Reaction::find_coordinator : Reaction::fatal;
    }
  }
}

std::string_view remedy(std::int16_t code) {
  switch (code) {
    case error_code::inconsistent_group_protocol:
      return ". The group id is in use by members that are not of this library, or that follow the "
             "streams group protocol (group.protocol=streams): stop them first, or choose another "
             "application.id";
    case error_code::fenced_instance_id:
      return ". Another process has joined with the same process id: is the state folder a copy of "
             "another instance's? Give each instance a state.dir of its own";
    case error_code::group_max_size_reached:
      return ". Start fewer threads, or raise group.max.size at the brokers";
    case error_code::invalid_session_timeout:
      return ". session.timeout.ms must be between group.min.session.timeout.ms and "
             "group.max.session.timeout.ms of the brokers";
    case error_code::group_authorization_failed:
      return ". The principal needs READ on the group";
    case error_code::unsupported_version:
      return ". Classic groups need brokers of Kafka 3.0 or newer, and \"classic\" among "
             "group.coordinator.rebalance.protocols";
    default:
      return "";
  }
}

}  // namespace

Refused judge_classic(std::int16_t code, std::string_view group_id) {
  const Reaction reaction = reaction_to(code);
  const Status plain =
      kafka::wire::status_of(code, "group \"" + std::string{group_id} + "\" refuses this member");
  return {.reaction = reaction,
          .status = Status{
              plain.code(), std::string{plain.message()} + std::string{remedy(code)},
              Status::Kind{.retriable = reaction != Reaction::fatal && reaction != Reaction::lost,
                           .fatal = reaction == Reaction::fatal,
                           .fenced = reaction == Reaction::lost}}};
}

}  // namespace moldau::inline v0::membership::classic
