#pragma once

#include "moldau/base/status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0::membership {

// What a member does about an error in the answer to a heartbeat.
enum class Reaction : std::uint8_t {
  repeat,            // the same coordinator, a moment later
  find_coordinator,  // refused without effect: repeat at the group's coordinator
  recover,           // find the coordinator; what became of the request is unknown
  wait_and_report,   // an operator can heal it: repeat slowly, say so
  fenced,            // the group goes on without this member: its tasks are lost
  fatal,             // this member cannot be in the group
};

struct Refusal {
  Reaction reaction = Reaction::fatal;
  Status status;  // for people: what is refused, why, what to do
};

// REQUIRES: code is not 0. `joining`: the heartbeat was to join.
[[nodiscard]] Refusal judge(std::int16_t code, const std::optional<std::string>& broker_message,
                            std::string_view group_id, bool joining);

}  // namespace moldau::inline v0::membership
