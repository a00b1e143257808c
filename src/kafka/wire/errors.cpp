#include "kafka/wire/errors.h"

#include <algorithm>
#include <array>

namespace moldau::inline v0::kafka::wire {

namespace {

constexpr std::array table{
    ProtocolError{-1, "UNKNOWN_SERVER_ERROR", "the broker met an error it did not expect",
                  ErrorCode::other},
    ProtocolError{0, "NONE", "no error", ErrorCode::ok},
    ProtocolError{3, "UNKNOWN_TOPIC_OR_PARTITION", "the broker does not know this partition",
                  ErrorCode::unknown_topic, true},
    ProtocolError{7, "REQUEST_TIMED_OUT", "the broker could not answer in time",
                  ErrorCode::timed_out, true},
    ProtocolError{12, "OFFSET_METADATA_TOO_LARGE",
                  "the metadata beside an offset is longer than the broker allows",
                  ErrorCode::invalid_request},
    ProtocolError{13, "NETWORK_EXCEPTION", "the broker lost a connection of its own",
                  ErrorCode::transport, true},
    ProtocolError{14, "COORDINATOR_LOAD_IN_PROGRESS", "the coordinator is still reading the group",
                  ErrorCode::not_ready, true},
    ProtocolError{15, "COORDINATOR_NOT_AVAILABLE", "the group has no coordinator at the moment",
                  ErrorCode::not_ready, true},
    ProtocolError{16, "NOT_COORDINATOR", "the group is coordinated by another broker",
                  ErrorCode::not_ready, true},
    ProtocolError{17, "INVALID_TOPIC_EXCEPTION", "a topic name is not allowed",
                  ErrorCode::invalid_request},
    ProtocolError{22, "ILLEGAL_GENERATION", "the group knows another epoch of this member",
                  ErrorCode::stale_member, false, true},
    ProtocolError{23, "INCONSISTENT_GROUP_PROTOCOL", "the group uses another group protocol",
                  ErrorCode::invalid_request},
    ProtocolError{24, "INVALID_GROUP_ID", "the group id is not allowed",
                  ErrorCode::invalid_request},
    ProtocolError{25, "UNKNOWN_MEMBER_ID", "the group does not know this member",
                  ErrorCode::stale_member, false, true},
    ProtocolError{26, "INVALID_SESSION_TIMEOUT",
                  "the session time-out is out of the broker's bounds", ErrorCode::invalid_request},
    ProtocolError{27, "REBALANCE_IN_PROGRESS", "the group is being rebalanced",
                  ErrorCode::not_ready, true},
    ProtocolError{28, "INVALID_COMMIT_OFFSET_SIZE", "the offsets are too large to be stored",
                  ErrorCode::message_too_large},
    ProtocolError{29, "TOPIC_AUTHORIZATION_FAILED", "not allowed to use a topic",
                  ErrorCode::authorization_failed},
    ProtocolError{30, "GROUP_AUTHORIZATION_FAILED",
                  "not allowed to use the group: the principal needs READ on it",
                  ErrorCode::authorization_failed},
    ProtocolError{31, "CLUSTER_AUTHORIZATION_FAILED", "not allowed to use the cluster",
                  ErrorCode::authorization_failed},
    ProtocolError{33, "UNSUPPORTED_SASL_MECHANISM", "the broker does not offer this mechanism",
                  ErrorCode::authentication_failed},
    ProtocolError{34, "ILLEGAL_SASL_STATE", "the broker expected another step of authentication",
                  ErrorCode::authentication_failed},
    ProtocolError{35, "UNSUPPORTED_VERSION", "the broker does not know this request or version",
                  ErrorCode::unsupported},
    ProtocolError{40, "INVALID_CONFIG", "a configuration value is out of bounds or unknown",
                  ErrorCode::invalid_request},
    ProtocolError{42, "INVALID_REQUEST", "the broker refuses what was asked",
                  ErrorCode::invalid_request},
    ProtocolError{50, "INVALID_TRANSACTION_TIMEOUT",
                  "the transaction time-out is longer than the broker allows",
                  ErrorCode::invalid_request},
    ProtocolError{51, "CONCURRENT_TRANSACTIONS", "an older transaction is still being ended",
                  ErrorCode::not_ready, true},
    ProtocolError{53, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
                  "not allowed to use the transactional id: the principal needs WRITE on it",
                  ErrorCode::authorization_failed},
    ProtocolError{56, "KAFKA_STORAGE_ERROR", "the broker cannot reach its disk", ErrorCode::io,
                  true},
    ProtocolError{58, "SASL_AUTHENTICATION_FAILED", "the broker does not accept the credentials",
                  ErrorCode::authentication_failed},
    ProtocolError{68, "NON_EMPTY_GROUP", "the group still has members", ErrorCode::invalid_request},
    ProtocolError{69, "GROUP_ID_NOT_FOUND",
                  "there is no such group, or it is one of another group protocol",
                  ErrorCode::stale_member, false, true},
    ProtocolError{79, "MEMBER_ID_REQUIRED", "the broker wants a member id",
                  ErrorCode::invalid_request},
    ProtocolError{81, "GROUP_MAX_SIZE_REACHED", "the group has as many members as it may have",
                  ErrorCode::not_ready, true},
    ProtocolError{82, "FENCED_INSTANCE_ID", "another member took over this instance id",
                  ErrorCode::stale_member, false, true},
    ProtocolError{88, "UNSTABLE_OFFSET_COMMIT", "a transaction holds offsets of this partition",
                  ErrorCode::not_ready, true},
    ProtocolError{89, "THROTTLING_QUOTA_EXCEEDED", "a quota of the broker is used up",
                  ErrorCode::not_ready, true},
    ProtocolError{90, "PRODUCER_FENCED", "a newer producer uses the transactional id",
                  ErrorCode::invalid_state},
    ProtocolError{100, "UNKNOWN_TOPIC_ID", "the broker does not know this topic id",
                  ErrorCode::unknown_topic, true},
    ProtocolError{110, "FENCED_MEMBER_EPOCH", "the group knows another epoch of this member",
                  ErrorCode::stale_member, false, true},
    ProtocolError{111, "UNRELEASED_INSTANCE_ID", "another member still holds this instance id",
                  ErrorCode::invalid_request},
    ProtocolError{112, "UNSUPPORTED_ASSIGNOR", "the broker does not know this assignor",
                  ErrorCode::invalid_request},
    ProtocolError{113, "STALE_MEMBER_EPOCH", "the group knows a newer epoch of this member",
                  ErrorCode::stale_member, false, true},
    ProtocolError{114, "MISMATCHED_ENDPOINT_TYPE", "a controller was asked like a broker",
                  ErrorCode::invalid_request},
    ProtocolError{115, "UNSUPPORTED_ENDPOINT_TYPE", "this kind of address is not known",
                  ErrorCode::unsupported},
    ProtocolError{116, "UNKNOWN_CONTROLLER_ID", "there is no such controller", ErrorCode::other},
    ProtocolError{117, "UNKNOWN_SUBSCRIPTION_ID", "the telemetry subscription has changed",
                  ErrorCode::other, true},
    ProtocolError{118, "TELEMETRY_TOO_LARGE", "more telemetry than the broker takes",
                  ErrorCode::message_too_large},
    ProtocolError{119, "INVALID_REGISTRATION", "the controller refuses the registration",
                  ErrorCode::invalid_request},
    ProtocolError{120, "TRANSACTION_ABORTABLE", "the transaction must be aborted",
                  ErrorCode::invalid_state},
    ProtocolError{121, "INVALID_RECORD_STATE", "records cannot be acknowledged in their state",
                  ErrorCode::invalid_state},
    ProtocolError{122, "SHARE_SESSION_NOT_FOUND", "there is no such share session",
                  ErrorCode::invalid_state},
    ProtocolError{123, "INVALID_SHARE_SESSION_EPOCH", "the share session is at another epoch",
                  ErrorCode::invalid_state},
    ProtocolError{124, "FENCED_STATE_EPOCH", "the coordinator knows a newer state epoch",
                  ErrorCode::invalid_state},
    ProtocolError{125, "INVALID_VOTER_KEY", "the voter is known under another key",
                  ErrorCode::invalid_request},
    ProtocolError{126, "DUPLICATE_VOTER", "the voter is already there", ErrorCode::already_exists},
    ProtocolError{127, "VOTER_NOT_FOUND", "there is no such voter", ErrorCode::invalid_request},
    ProtocolError{128, "INVALID_REGULAR_EXPRESSION", "a regular expression cannot be read",
                  ErrorCode::invalid_request},
    ProtocolError{129, "REBOOTSTRAP_REQUIRED", "the client must start from its bootstrap servers",
                  ErrorCode::not_ready, true},
    ProtocolError{130, "STREAMS_INVALID_TOPOLOGY", "the broker refuses the topology",
                  ErrorCode::invalid_request},
    ProtocolError{131, "STREAMS_INVALID_TOPOLOGY_EPOCH", "the topology has an impossible epoch",
                  ErrorCode::invalid_request},
    ProtocolError{132, "STREAMS_TOPOLOGY_FENCED", "the group has a newer topology",
                  ErrorCode::invalid_request},
};

static_assert(std::ranges::is_sorted(table, {}, &ProtocolError::code));

}  // namespace

std::span<const ProtocolError> protocol_errors() { return table; }

const ProtocolError* find_protocol_error(std::int16_t code) {
  const auto* found = std::ranges::lower_bound(table, code, {}, &ProtocolError::code);
  return found != table.end() && found->code == code ? found : nullptr;
}

std::string describe_error(std::int16_t code, const std::optional<std::string>& broker_message) {
  const ProtocolError* error = find_protocol_error(code);
  const std::string label = error != nullptr
                                ? std::string{error->name} + " (" + std::to_string(code) + ")"
                                : "error " + std::to_string(code);
  if (broker_message && !broker_message->empty()) return label + ": " + *broker_message;
  return error != nullptr ? label + ": " + std::string{error->sentence} : label;
}

Status status_of(std::int16_t code, std::string_view what,
                 const std::optional<std::string>& broker_message) {
  if (code == error_code::none) return {};
  const ProtocolError* error = find_protocol_error(code);
  std::string message = std::string{what} + ": " + describe_error(code, broker_message);
  if (error == nullptr) return Status::permanent(ErrorCode::other, std::move(message));
  return {error->kind, std::move(message),
          Status::Kind{.retriable = error->retriable, .fenced = error->fenced}};
}

}  // namespace moldau::inline v0::kafka::wire
