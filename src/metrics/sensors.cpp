#include "moldau/metrics/sensors.h"

#include <algorithm>
#include <limits>

namespace moldau::inline v0 {

namespace {

constexpr std::chrono::seconds half_window{30};
constexpr double nanoseconds_in_a_millisecond = 1e6;

double rate(const GrowthWindow::Growth& growth) {
  return growth.seconds > 0 ? static_cast<double>(growth.count) / growth.seconds : 0;
}

}  // namespace

GrowthWindow::GrowthWindow(const Clock& clock)
    : clock_(clock), older_{.at = clock.steady()}, newer_(older_) {}

GrowthWindow::Growth GrowthWindow::look(std::uint64_t count, std::uint64_t amount) {
  const Look now{.at = clock_.steady(), .count = count, .amount = amount};
  Growth growth;
  if (now.at - newer_.at >= half_window) {
    older_ = newer_;
    newer_ = now;
    growth.moved = true;
  }
  growth.seconds = std::chrono::duration<double>(now.at - older_.at).count();
  growth.count = now.count - older_.count;
  growth.amount = now.amount - older_.amount;
  return growth;
}

double RateSensor::per_second() {
  const std::lock_guard lock{mutex_};
  return rate(window_.look(total_.value(), 0));
}

void ValueSensor::record(const Batch& values) noexcept {
  if (values.count == 0) return;
  count_.add(values.count);
  sum_.fetch_add(values.sum, std::memory_order_relaxed);
  std::uint64_t highest = highest_.load(std::memory_order_relaxed);
  while (highest < values.highest &&
         !highest_.compare_exchange_weak(highest, values.highest, std::memory_order_relaxed)) {
  }
}

GrowthWindow::Growth ValueSensor::look() {
  const GrowthWindow::Growth growth =
      window_.look(count_.value(), sum_.load(std::memory_order_relaxed));
  if (growth.moved) highest_before_ = highest_.exchange(0, std::memory_order_relaxed);
  return growth;
}

double ValueSensor::per_second() {
  const std::lock_guard lock{mutex_};
  return rate(look());
}

double ValueSensor::average() {
  const std::lock_guard lock{mutex_};
  const GrowthWindow::Growth growth = look();
  if (growth.count == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(growth.amount) / static_cast<double>(growth.count);
}

double ValueSensor::highest() {
  const std::lock_guard lock{mutex_};
  if (look().count == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(std::max(highest_before_, highest_.load(std::memory_order_relaxed)));
}

void LatencySensor::record(std::chrono::nanoseconds took) noexcept {
  nanoseconds_.record(static_cast<std::uint64_t>(std::max(took, took.zero()).count()));
}

double LatencySensor::average() { return nanoseconds_.average() / nanoseconds_in_a_millisecond; }

double LatencySensor::longest() { return nanoseconds_.highest() / nanoseconds_in_a_millisecond; }

}  // namespace moldau::inline v0
