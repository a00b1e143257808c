#include "moldau/base/clock.h"

namespace moldau::inline v0 {

Clock::~Clock() = default;

namespace {

class SystemClock final : public Clock {
 public:
  Timestamp wall() const override {
    return Timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch())};
  }
  Steady steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

Clock& system_clock() noexcept {
  static SystemClock clock;
  return clock;
}

}  // namespace moldau::inline v0
