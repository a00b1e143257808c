#pragma once

#include "moldau/base/clock.h"

#include <chrono>

namespace moldau::simulation {

// A clock that moves when the scheduler says so. The wall clock may jump without the steady one.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(Timestamp start) : wall_(start) {}

  [[nodiscard]] Timestamp wall() const override { return wall_; }
  [[nodiscard]] Steady steady() const override { return Steady{passed_}; }

  [[nodiscard]] std::chrono::milliseconds passed() const noexcept { return passed_; }
  void advance(std::chrono::milliseconds by) noexcept {
    passed_ += by;
    wall_ = wall_ + by;
  }
  void set_wall_apart(std::chrono::milliseconds by) noexcept { wall_ = wall_ + by; }

 private:
  Timestamp wall_;
  std::chrono::milliseconds passed_{0};
};

}  // namespace moldau::simulation
