#pragma once

#include "moldau/base/status.h"

#include <string>

// The answers by which the broker refuses, with what they mean for the client that gets them.
namespace moldau::inline v0::kafka::memory {

// Another producer took over this transactional id, or the broker ended its transaction.
[[nodiscard]] inline Status fenced_producer(const std::string& why) {
  return {ErrorCode::producer_fenced, "the producer is fenced: " + why,
          Status::Kind{.fatal = true, .fenced = true}};
}

// The group does not know the member, or knows a newer epoch of it.
[[nodiscard]] inline Status stale_member(const std::string& why) {
  return {ErrorCode::stale_member, why, Status::Kind{.fenced = true}};
}

// The previous transaction of this producer is decided, but not all markers are written.
[[nodiscard]] inline Status still_ending(const std::string& transactional_id) {
  return Status::retriable(ErrorCode::not_ready, "the previous transaction of \"" +
                                                     transactional_id + "\" is still being ended");
}

[[nodiscard]] inline Status unknown_topic(const std::string& what) {
  return Status::permanent(ErrorCode::unknown_topic, "there is no " + what);
}

[[nodiscard]] inline Status no_answer(const std::string& to) {
  return Status::retriable(ErrorCode::timed_out, "no answer to " + to);
}

}  // namespace moldau::inline v0::kafka::memory
