#pragma once

#include "moldau/export.h"

#include <chrono>

namespace moldau::inline v0 {

// Which records of two streams meet: those of one key where the right one's time is at most
// `before` earlier and at most `after` later than the left one's, both ends included. A negative
// length shifts the window: `{.before = 60min, .after = -10min}` joins with what is 10 to 60
// minutes older.
//
// before + after must not be negative, nor the grace period; checked when the join is added.
struct JoinWindows {
  std::chrono::milliseconds before{0};
  std::chrono::milliseconds after{0};
  // How much later than the highest time seen so far a record may be and still find its match. A
  // left or outer join says that a record has no match when its window has been closed for so long:
  // longer means later, and more records kept.
  std::chrono::milliseconds grace{0};

  // Records at most `difference` apart, in either direction.
  [[nodiscard]] static constexpr JoinWindows within(std::chrono::milliseconds difference,
                                                    std::chrono::milliseconds grace = {}) noexcept {
    return {.before = difference, .after = difference, .grace = grace};
  }

  friend bool operator==(const JoinWindows&, const JoinWindows&) = default;
};

namespace dsl {

// Throws TopologyError saying what is wrong with the windows.
MOLDAU_EXPORT void check(const JoinWindows& windows);

}  // namespace dsl
}  // namespace moldau::inline v0
