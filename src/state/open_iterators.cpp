#include "state/open_iterators.h"

#include "moldau/metrics/sensors.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace moldau::inline v0::state {

namespace {

constexpr std::optional<Clock::Steady> no_iterator;

MetricName named(const char* name, const std::map<std::string, std::string>& tags) {
  return {.name = name, .group = "stream-state-metrics", .tags = tags};
}

}  // namespace

OpenIterators::OpenIterators(MetricRegistry& registry, const Clock& clock,
                             const std::map<std::string, std::string>& tags)
    : registry_(registry),
      clock_(clock),
      open_name_(named("num-open-iterators", tags)),
      oldest_name_(named("oldest-iterator-open-since-ms", tags)),
      durations_(registry.value_sensor(named("iterator-duration", tags), clock)) {
  registry_.gauge(open_name_, [this] { return open(); });
  registry_.gauge(oldest_name_, [this] { return oldest(); });
}

OpenIterators::~OpenIterators() {
  registry_.remove_gauge(open_name_);
  registry_.remove_gauge(oldest_name_);
}

std::size_t OpenIterators::opened() {
  const Clock::Steady now = clock_.steady();
  const std::lock_guard lock{mutex_};
  const auto free = std::ranges::find(since_, no_iterator);
  const auto at = static_cast<std::size_t>(free - since_.begin());
  if (free == since_.end()) {
    since_.emplace_back(now);
  } else {
    *free = now;
  }
  return at;
}

void OpenIterators::closed(std::size_t iterator) noexcept {
  const Clock::Steady now = clock_.steady();
  std::chrono::nanoseconds took{0};
  {
    const std::lock_guard lock{mutex_};
    took = now - *since_[iterator];
    since_[iterator].reset();
  }
  durations_.record(static_cast<std::uint64_t>(std::max(took, took.zero()).count()));
}

double OpenIterators::open() const {
  const std::lock_guard lock{mutex_};
  return static_cast<double>(since_.size()) -
         static_cast<double>(std::ranges::count(since_, no_iterator));
}

double OpenIterators::oldest() const {
  const std::lock_guard lock{mutex_};
  std::optional<Clock::Steady> oldest;
  for (const std::optional<Clock::Steady>& since : since_) {
    if (since && (!oldest || *since < *oldest)) oldest = since;
  }
  if (!oldest) return std::numeric_limits<double>::quiet_NaN();
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady() - *oldest);
  return static_cast<double>((clock_.wall() - age).milliseconds());
}

}  // namespace moldau::inline v0::state
