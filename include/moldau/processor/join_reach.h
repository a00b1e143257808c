#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/state/window_rows.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace moldau::inline v0::processor {

// Which of two joined streams a record belongs to. The numbers are written to stores.
enum class JoinSide : std::uint8_t { right = 0, left = 1 };

[[nodiscard]] constexpr JoinSide opposite(JoinSide side) noexcept {
  return side == JoinSide::left ? JoinSide::right : JoinSide::left;
}

// The windows of a stream-stream join: a left record meets the right ones from `before` earlier to
// `after` later, a right record the left ones from `after` earlier to `before` later.
struct JoinReach {
  std::chrono::milliseconds before{0};
  std::chrono::milliseconds after{0};
  std::chrono::milliseconds grace{0};

  [[nodiscard]] std::chrono::milliseconds back(JoinSide side) const noexcept {
    return side == JoinSide::left ? before : after;
  }
  [[nodiscard]] std::chrono::milliseconds ahead(JoinSide side) const noexcept {
    return side == JoinSide::left ? after : before;
  }

  // Where the matches of a record lie. Times are never negative, so neither end is.
  [[nodiscard]] MOLDAU_EXPORT state::TimeSpan around(JoinSide side, Timestamp at) const noexcept;
  // The highest time of the two streams up to which a match of the record may still come.
  [[nodiscard]] MOLDAU_EXPORT Timestamp last_chance(JoinSide side, Timestamp at) const noexcept;
  // How far behind the highest time records of either side have to be kept.
  [[nodiscard]] std::chrono::milliseconds retention() const noexcept {
    return before + after + grace;
  }
  // How much longer than that, so that nothing within the grace period goes without its match
  // (StoreSpec::linger): a store shows what is younger than its retention, and if one end does not
  // reach out, the other one reaches as far as that or further.
  [[nodiscard]] std::chrono::milliseconds linger() const noexcept {
    constexpr std::chrono::milliseconds zero{0};
    constexpr std::chrono::milliseconds tick{1};
    return std::max(zero, tick - std::min(before, after));
  }
};

}  // namespace moldau::inline v0::processor
