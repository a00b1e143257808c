#pragma once

#include "moldau/base/ids.h"

#include <cstdint>

namespace moldau::inline v0::membership {

// What a member's protocol, whichever it is, tells those around it.

// What the connection has to do about an answer.
enum class Advice : std::uint8_t { go_on, back_off, find_coordinator };

// About a commit that the group refused as stale.
struct StaleCommit {
  enum class Verdict : std::uint8_t {
    repeat,     // the tasks are still owned: commit as `epoch`
    ask_later,  // not known yet
    fenced,
  };
  Verdict verdict = Verdict::fenced;
  MemberEpoch epoch;
};

}  // namespace moldau::inline v0::membership
