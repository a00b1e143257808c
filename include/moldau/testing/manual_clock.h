#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace moldau::inline v0::testing {

// A clock that moves only when it is told to. Wall and steady time move together. Any thread.
class MOLDAU_EXPORT ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp wall = Timestamp{0});
  ~ManualClock() override;

  [[nodiscard]] Timestamp wall() const override;
  [[nodiscard]] Steady steady() const override;

  // REQUIRES: by >= 0.
  void advance(std::chrono::milliseconds by);

 private:
  Timestamp start_;
  std::atomic<std::int64_t> passed_{0};  // milliseconds
};

}  // namespace moldau::inline v0::testing
