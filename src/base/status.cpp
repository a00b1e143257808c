#include "moldau/base/status.h"

namespace moldau::inline v0 {

std::string_view name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::ok:
      return "ok";
    case ErrorCode::timed_out:
      return "timed out";
    case ErrorCode::queue_full:
      return "queue full";
    case ErrorCode::transport:
      return "transport failure";
    case ErrorCode::not_ready:
      return "not ready";
    case ErrorCode::unknown_topic:
      return "unknown topic or partition";
    case ErrorCode::offset_out_of_range:
      return "offset out of range";
    case ErrorCode::message_too_large:
      return "message too large";
    case ErrorCode::authentication_failed:
      return "authentication failed";
    case ErrorCode::authorization_failed:
      return "not authorized";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::already_exists:
      return "already exists";
    case ErrorCode::producer_fenced:
      return "producer fenced";
    case ErrorCode::stale_member:
      return "stale member";
    case ErrorCode::invalid_request:
      return "invalid request";
    case ErrorCode::invalid_state:
      return "invalid state";
    case ErrorCode::io:
      return "input/output error";
    case ErrorCode::locked:
      return "locked";
    case ErrorCode::other:
      return "error";
  }
  return "error";
}

}  // namespace moldau::inline v0
