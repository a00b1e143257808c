#pragma once

#include "moldau/base/clock.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace moldau::inline v0::runtime {

// How many records a task may process between two looks at the clock. Adapts to what a record
// costs, so that cheap records pay for no clock and expensive ones still let the thread commit and
// rebalance.
class ProcessingBudget {
 public:
  [[nodiscard]] std::size_t records() const noexcept { return records_; }

  // `spent` is what the last records() took together.
  void spent(Clock::Steady::duration spent) noexcept {
    if (spent > too_long) {
      records_ = std::max<std::size_t>(1, records_ / 2);
    } else if (spent < short_enough) {
      records_ = std::min(most, records_ * 2);
    }
  }

 private:
  static constexpr std::chrono::milliseconds too_long{10};
  static constexpr std::chrono::milliseconds short_enough{3};
  static constexpr std::size_t most = 4096;
  std::size_t records_ = 16;
};

}  // namespace moldau::inline v0::runtime
