#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>

namespace moldau::inline v0 {

// A point in time as Kafka records carry it: milliseconds since 1970-01-01T00:00:00Z. Record
// timestamps are never negative; a negative value only ever means "no usable time" and appears at
// the places that say so (a timestamp extractor's answer, the partition time before the first
// record).
class Timestamp {
 public:
  using duration = std::chrono::milliseconds;

  constexpr Timestamp() noexcept = default;
  constexpr explicit Timestamp(std::int64_t milliseconds) noexcept : milliseconds_(milliseconds) {}
  constexpr explicit Timestamp(duration since_epoch) noexcept
      : milliseconds_(since_epoch.count()) {}

  // "No usable time": -1, as the reference writes it.
  static constexpr Timestamp unknown() noexcept { return Timestamp{std::int64_t{-1}}; }

  // Later than every time.
  static constexpr Timestamp max() noexcept {
    return Timestamp{std::numeric_limits<std::int64_t>::max()};
  }

  [[nodiscard]] constexpr std::int64_t milliseconds() const noexcept { return milliseconds_; }
  [[nodiscard]] constexpr bool negative() const noexcept { return milliseconds_ < 0; }

  friend constexpr bool operator==(Timestamp, Timestamp) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(Timestamp, Timestamp) noexcept = default;

  friend constexpr Timestamp operator+(Timestamp t, duration d) noexcept {
    return Timestamp{t.milliseconds_ + d.count()};
  }
  friend constexpr Timestamp operator-(Timestamp t, duration d) noexcept {
    return Timestamp{t.milliseconds_ - d.count()};
  }
  friend constexpr duration operator-(Timestamp a, Timestamp b) noexcept {
    return duration{a.milliseconds_ - b.milliseconds_};
  }

 private:
  std::int64_t milliseconds_ = 0;
};

// `time` later by `by`, which is not negative; Timestamp::max() if that is later than can be said.
[[nodiscard]] constexpr Timestamp saturating_add(Timestamp time, Timestamp::duration by) noexcept {
  return time > Timestamp::max() - by ? Timestamp::max() : time + by;
}

}  // namespace moldau::inline v0
