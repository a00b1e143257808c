#include "moldau/processor/join_reach.h"

#include <algorithm>
#include <limits>

namespace moldau::inline v0::processor {

namespace {

using std::chrono::milliseconds;

// Nothing is later than Timestamp::max().
Timestamp later(Timestamp at, milliseconds by) noexcept {
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  if (by > milliseconds::zero() && at.milliseconds() > last - by.count()) return Timestamp::max();
  return at + by;
}

}  // namespace

state::TimeSpan JoinReach::around(JoinSide side, Timestamp at) const noexcept {
  constexpr Timestamp zero{0};
  return {.from = std::max(zero, later(at, -back(side))),
          .to = std::max(zero, later(at, ahead(side)))};
}

Timestamp JoinReach::last_chance(JoinSide side, Timestamp at) const noexcept {
  return later(at, ahead(side) + grace);
}

}  // namespace moldau::inline v0::processor
