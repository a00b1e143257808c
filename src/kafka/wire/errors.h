#pragma once

#include "moldau/base/status.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The error codes of the protocol that the requests spoken here can be answered with. librdkafka
// has no names for those from 110 on.
namespace moldau::inline v0::kafka::wire {

namespace error_code {

inline constexpr std::int16_t unknown_server_error = -1;
inline constexpr std::int16_t none = 0;
inline constexpr std::int16_t coordinator_load_in_progress = 14;
inline constexpr std::int16_t coordinator_not_available = 15;
inline constexpr std::int16_t not_coordinator = 16;
inline constexpr std::int16_t illegal_generation = 22;
inline constexpr std::int16_t inconsistent_group_protocol = 23;
inline constexpr std::int16_t unknown_member_id = 25;
inline constexpr std::int16_t invalid_session_timeout = 26;
inline constexpr std::int16_t rebalance_in_progress = 27;
inline constexpr std::int16_t topic_authorization_failed = 29;
inline constexpr std::int16_t group_authorization_failed = 30;
inline constexpr std::int16_t unsupported_sasl_mechanism = 33;
inline constexpr std::int16_t illegal_sasl_state = 34;
inline constexpr std::int16_t unsupported_version = 35;
inline constexpr std::int16_t invalid_request = 42;
inline constexpr std::int16_t concurrent_transactions = 51;
inline constexpr std::int16_t sasl_authentication_failed = 58;
inline constexpr std::int16_t group_id_not_found = 69;
inline constexpr std::int16_t member_id_required = 79;
inline constexpr std::int16_t group_max_size_reached = 81;
inline constexpr std::int16_t fenced_instance_id = 82;
inline constexpr std::int16_t unstable_offset_commit = 88;
inline constexpr std::int16_t fenced_member_epoch = 110;
inline constexpr std::int16_t unreleased_instance_id = 111;
inline constexpr std::int16_t stale_member_epoch = 113;
inline constexpr std::int16_t streams_invalid_topology = 130;
inline constexpr std::int16_t streams_invalid_topology_epoch = 131;
inline constexpr std::int16_t streams_topology_fenced = 132;

}  // namespace error_code

struct ProtocolError {
  std::int16_t code;
  std::string_view name;      // the protocol's, as in FENCED_MEMBER_EPOCH
  std::string_view sentence;  // what it says, without a full stop
  ErrorCode kind;
  bool retriable = false;  // the same request may succeed later
  bool fenced = false;     // the group goes on without this member
};

// Sorted by code.
[[nodiscard]] std::span<const ProtocolError> protocol_errors();

// nullptr for a code that is not in the table.
[[nodiscard]] const ProtocolError* find_protocol_error(std::int16_t code);

// `FENCED_MEMBER_EPOCH (110): the group knows another epoch of this member`, with the broker's own
// words instead of the sentence if it sent some.
[[nodiscard]] std::string describe_error(std::int16_t code,
                                         const std::optional<std::string>& broker_message = {});

// The Status of an answer: ok for 0, else `<what>: <describe_error()>`. A code that is not in the
// table is ErrorCode::other, not retriable.
[[nodiscard]] Status status_of(std::int16_t code, std::string_view what,
                               const std::optional<std::string>& broker_message = {});

}  // namespace moldau::inline v0::kafka::wire
