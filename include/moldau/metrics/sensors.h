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

// Numbers of which the average and the highest are of interest: sizes, lengths of time. Any thread;
// recording is a few relaxed operations.
class MOLDAU_EXPORT ValueSensor {
 public:
  // `count`: of the values recorded.
  ValueSensor(Counter& count, const Clock& clock) : count_(count), window_(clock) {}

  // Values that one thread has gathered, to be recorded at once.
  struct Batch {
    void add(std::uint64_t value) noexcept {
      ++count;
      sum += value;
      if (value > highest) highest = value;
    }
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    std::uint64_t highest = 0;
  };

  void record(std::uint64_t value) noexcept { record(Batch{1, value, value}); }
  void record(const Batch& values) noexcept;
  [[nodiscard]] double per_second();
  // Not a number if nothing was recorded of late.
  [[nodiscard]] double average();
  [[nodiscard]] double highest();

 private:
  GrowthWindow::Growth look();

  Counter& count_;
  std::atomic<std::uint64_t> sum_{0};
  std::atomic<std::uint64_t> highest_{0};
  std::mutex mutex_;  // guards the rest
  GrowthWindow window_;
  std::uint64_t highest_before_ = 0;  // in the older half of the window
};

// Counts what happens and how long it takes. Owned by a MetricRegistry. Any thread; recording is a
// few relaxed operations.
class MOLDAU_EXPORT LatencySensor {
 public:
  LatencySensor(Counter& total, const Clock& clock) : nanoseconds_(total, clock) {}

  void record(std::chrono::nanoseconds took) noexcept;
  [[nodiscard]] double per_second() { return nanoseconds_.per_second(); }
  // In milliseconds; not a number if nothing was recorded of late.
  [[nodiscard]] double average();
  [[nodiscard]] double longest();

 private:
  ValueSensor nanoseconds_;
};

}  // namespace moldau::inline v0
