#include "moldau/testing/manual_clock.h"

#include "moldau/base/assert.h"

namespace moldau::inline v0::testing {

ManualClock::ManualClock(Timestamp wall) : start_(wall) {}

ManualClock::~ManualClock() = default;

Timestamp ManualClock::wall() const { return start_ + std::chrono::milliseconds{passed_.load()}; }

Clock::Steady ManualClock::steady() const {
  return Steady{} + std::chrono::milliseconds{passed_.load()};
}

void ManualClock::advance(std::chrono::milliseconds by) {
  MOLDAU_ASSERT(by >= std::chrono::milliseconds::zero());
  passed_.fetch_add(by.count());
}

}  // namespace moldau::inline v0::testing
