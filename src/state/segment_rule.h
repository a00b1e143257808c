#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/state/store_spec.h"

#include <chrono>
#include <cstdint>

namespace moldau::inline v0::state {

// Which segment a row belongs to, and when it is too old. A segment holds the rows of one interval
// of time and leaves the store as a whole; its number is that of the interval since the epoch.
//
// Values only. The store's own time, which all of this is relative to, is the highest one put.
class SegmentRule {
 public:
  // `spec` is that of a window, session or versioned store.
  explicit SegmentRule(const StoreSpec& spec) noexcept;

  [[nodiscard]] std::int64_t segment_of(Timestamp time) const noexcept {
    return time.milliseconds() / interval_;
  }
  [[nodiscard]] Timestamp last_time_of(std::int64_t segment) const noexcept;
  // The oldest segment that is kept.
  [[nodiscard]] std::int64_t oldest_segment(Timestamp store_time) const noexcept {
    return segment_of(store_time - kept_for_);
  }
  // Rows before that time do not show.
  [[nodiscard]] Timestamp first_visible(Timestamp store_time) const noexcept {
    return store_time - kept_for_ + margin_;
  }
  // Whether a put at that time comes too late.
  [[nodiscard]] bool refuses(Timestamp time, Timestamp store_time) const noexcept;

 private:
  std::chrono::milliseconds kept_for_;
  std::int64_t interval_;  // milliseconds
  std::chrono::milliseconds margin_;
  bool by_segment_;  // a put is judged by its segment, not by its own time
};

}  // namespace moldau::inline v0::state
