#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/windowed.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

// What the nodes of windowed aggregations know about their windows.
namespace moldau::inline v0::processor {

// The windows that lie fixed on the time line. Immutable; shared by the nodes of all tasks.
class MOLDAU_EXPORT WindowAssigner {
 public:
  virtual ~WindowAssigner();
  // Replaces the content of `windows` by the windows that a record at `time` belongs to, by
  // ascending start.
  virtual void assign(Timestamp time, std::vector<Window>& windows) const = 0;
  // Of the window that starts there.
  [[nodiscard]] virtual Timestamp end_of(Timestamp start) const = 0;
};

// Windows of one size that start at the multiples of `advance`.
// REQUIRES: 0 < advance <= size.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<const WindowAssigner> hopping_windows(
    std::chrono::milliseconds size, std::chrono::milliseconds advance);
// One window, from `start` on.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<const WindowAssigner> unlimited_window(Timestamp start);

// When the windows of an operator are late.
struct WindowTimes {
  // From start to end. Zero for sessions: each has its own end.
  std::chrono::milliseconds length{0};
  // How long after its end a window may still change. Of sessions: the grace period and the gap.
  std::chrono::milliseconds grace{0};
  // Whether a window's end is part of it.
  bool end_belongs = false;
  // How long a window stays in the store.
  std::chrono::milliseconds retention{0};
};

// The time that one operator has seen, and what is late by it. Each operator has its own, so that
// it does not depend on where an operator stands what it drops.
class WindowClock {
 public:
  explicit WindowClock(const WindowTimes& times)
      : grace_(times.grace), end_belongs_(times.end_belongs) {}

  void observe(Timestamp time) noexcept { now_ = std::max(now_, time); }
  // Windows that end before this, or right then if their ends do not belong to them, are closed.
  // May be negative: then none is.
  [[nodiscard]] Timestamp close_time() const noexcept { return now_ - grace_; }
  [[nodiscard]] bool closed(Timestamp end) const noexcept {
    return end_belongs_ ? end < close_time() : end <= close_time();
  }
  // Forgets what it has seen.
  void forget() noexcept { now_ = Timestamp::unknown(); }
  // Goes on from the close time at which another instance stopped.
  void resume(Timestamp close_time) noexcept { observe(saturating_add(close_time, grace_)); }

 private:
  std::chrono::milliseconds grace_;
  bool end_belongs_;
  Timestamp now_ = Timestamp::unknown();
};

}  // namespace moldau::inline v0::processor
