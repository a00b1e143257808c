#pragma once

#include "moldau/base/status.h"

#include <cstdint>
#include <string_view>

namespace moldau::inline v0::membership::classic {

// What a member of a classic group does about an error in an answer.
enum class Reaction : std::uint8_t {
  repeat,            // the same coordinator, a moment later
  find_coordinator,  // the same request, to the group's coordinator
  take_member_id,    // join again with the id that came with the answer
  rejoin,            // the member is known still, and the group has moved on: tasks are kept
  lost,              // the group goes on without this member
  fatal,             // this member cannot be in the group
};

struct Refused {
  Reaction reaction = Reaction::fatal;
  Status status;  // for people: what is refused, why, what to do
};

// REQUIRES: code is not 0.
[[nodiscard]] Refused judge_classic(std::int16_t code, std::string_view group_id);

}  // namespace moldau::inline v0::membership::classic
