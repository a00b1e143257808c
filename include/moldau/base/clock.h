#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"

#include <chrono>

namespace moldau::inline v0 {

// The only source of time in the library. Time-outs and intervals use steady(); wall() is for
// timestamps that leave the process. Any thread.
class MOLDAU_EXPORT Clock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  virtual ~Clock();
  [[nodiscard]] virtual Timestamp wall() const = 0;
  [[nodiscard]] virtual Steady steady() const = 0;
};

// The machine's clocks. One object for the process; it holds no state.
[[nodiscard]] MOLDAU_EXPORT Clock& system_clock() noexcept;

}  // namespace moldau::inline v0
