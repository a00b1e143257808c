#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace moldau::inline v0 {

// How numbers that only grow have grown of late: over the last half to one minute, or since the
// last look if that is longer ago. All the work is done when somebody looks.
class MOLDAU_EXPORT GrowthWindow {
 public:
  explicit GrowthWindow(const Clock& clock);

  struct Growth {
    double seconds = 0;
    std::uint64_t count = 0;
    std::uint64_t amount = 0;
    bool moved = false;  // the window has moved on: what is kept for its halves is to be rotated
  };
  // What has been counted so far, told now. One thread at a time.
  Growth look(std::uint64_t count, std::uint64_t amount);

 private:
  struct Look {
    Clock::Steady at;
    std::uint64_t count = 0;
    std::uint64_t amount = 0;
  };

  const Clock& clock_;
  Look older_;  // where the window starts
  Look newer_;  // where it will start next
};

// Counts what happens: a total and a rate. Owned by a MetricRegistry. Any thread; recording is one
// relaxed addition.
class MOLDAU_EXPORT RateSensor {
 public:
  RateSensor(Counter& total, const Clock& clock) : total_(total), window_(clock) {}

  void record(std::uint64_t times = 1) noexcept { total_.add(times); }
  [[nodiscard]] double per_second();

 private:
  Counter& total_;
  std::mutex mutex_;  // guards window_
  GrowthWindow window_;
};

// Counts what happens and how long it takes. Owned by a MetricRegistry. Any thread; recording is a
// few relaxed operations.
class MOLDAU_EXPORT LatencySensor {
 public:
  LatencySensor(Counter& total, const Clock& clock) : total_(total), window_(clock) {}

  void record(std::chrono::nanoseconds took) noexcept;
  [[nodiscard]] double per_second();
  // In milliseconds; not a number if nothing was recorded of late.
  [[nodiscard]] double average();
  [[nodiscard]] double longest();

 private:
  GrowthWindow::Growth look();

  Counter& total_;
  std::atomic<std::uint64_t> nanoseconds_{0};
  std::atomic<std::uint64_t> longest_{0};
  std::mutex mutex_;  // guards the rest
  GrowthWindow window_;
  std::uint64_t longest_before_ = 0;  // in the older half of the window
};

}  // namespace moldau::inline v0
