#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/windows.h"
#include "moldau/record/windowed.h"
#include "moldau/state/store_spec.h"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

// How a stream is cut into windows. Checked when the aggregation is added to the program.
//
// Windows are laid out on event time, the time of the records, counted from the epoch in UTC; none
// starts before it. Grace is how much later than the end of a window a record of that window may
// still come, by the highest time the operator has seen. After that the window is closed: later
// records for it are dropped and counted. There is always a grace period; it is zero unless given.
namespace moldau::inline v0 {

// Windows of one length. A record belongs to every window with start <= time < start + size.
struct TimeWindows {
  // Length of a window; above zero. Required.
  std::chrono::milliseconds size{0};
  // Distance between the starts of windows; above zero and at most `size`. Smaller: they overlap
  // ("hopping"), and a record changes size / advance windows. Default: as `size` ("tumbling").
  std::optional<std::chrono::milliseconds> advance = {};
  std::chrono::milliseconds grace{0};
};

// A window for each set of records of a key that lie at most `time_difference` apart, both ends
// included: it answers "how many within any ten minutes" without the edges of fixed windows. A
// record makes or changes as many windows as there are records within the difference, so prefer
// hopping windows for dense keys. Records without a value are dropped.
struct SlidingWindows {
  // Zero or more. Required.
  std::chrono::milliseconds time_difference{0};
  std::chrono::milliseconds grace{0};
};

// Windows that grow with their records: records of a key belong together as long as the gap between
// neighbours is at most `inactivity_gap`. From the first record to the last, both ends included.
struct SessionWindows {
  // Zero or more; zero: a session is the records of one time. Required: the default is refused.
  std::chrono::milliseconds inactivity_gap{-1};
  std::chrono::milliseconds grace{0};
};

// One window from `start` on that never closes; earlier records are left out, without being
// counted.
struct UnlimitedWindows {
  Timestamp start{0};
};

// When the result of a window is handed on.
enum class EmitStrategy : std::uint8_t {
  // With each change, as far as the cache lets it through. The default.
  on_window_update,
  // Once, when the window closes: with the first record that moves the operator's time far enough,
  // whatever its key. So a stream that falls silent keeps its last windows to itself. Windows that
  // close together come in the order of their starts (sessions: ends), then of their keys' bytes.
  // The store is not cached.
  on_window_close,
};

// Windows of the user's own, such as calendar days: an object with
//   windows_for(Timestamp)  the windows of a record at that time, as a range of Window by ascending
//                           start; ends do not belong to windows. For the start of a window the
//                           window must be among them. None is empty or starts before the epoch.
//   size()                  an upper bound for the length of a window
//   grace()                 see above
// all const and pure: every task calls them on a copy. Windows that break these rules are an error
// of processing the record.
template <class W>
concept CustomWindows = std::copy_constructible<W> && requires(const W& windows, Timestamp time) {
  { *std::begin(windows.windows_for(time)) } -> std::convertible_to<Window>;
  { windows.size() } -> std::convertible_to<std::chrono::milliseconds>;
  { windows.grace() } -> std::convertible_to<std::chrono::milliseconds>;
};

// What windowed_by() takes.
template <class W>
concept WindowsSpec = std::same_as<W, TimeWindows> || std::same_as<W, SlidingWindows> ||
    std::same_as<W, SessionWindows> || std::same_as<W, UnlimitedWindows> || CustomWindows<W>;

namespace dsl {

// A stream's windows, as the operators below see them.
struct WindowPlan {
  state::StoreKind kind = state::StoreKind::window;
  std::shared_ptr<const processor::WindowAssigner> assigner = {};  // null: sliding or sessions
  processor::WindowTimes times = {};    // retention: the least there must be
  std::chrono::milliseconds linger{0};  // of the store: StoreSpec::linger
  std::chrono::milliseconds gap{0};     // of sessions
  bool final_results = false;
  // What is wrong with the windows as they were given; empty: nothing.
  std::string problem = {};
  // The reference refuses final results of such windows; why.
  std::string no_final_results = {};

  [[nodiscard]] bool sliding() const noexcept {
    return kind == state::StoreKind::window && assigner == nullptr;
  }
  // How long windows are kept, if the program says `asked`.
  [[nodiscard]] processor::WindowTimes times_kept(
      std::optional<std::chrono::milliseconds> asked) const {
    processor::WindowTimes kept = times;
    kept.retention = asked.value_or(times.retention);
    return kept;
  }
};

[[nodiscard]] MOLDAU_EXPORT WindowPlan plan_windows(const TimeWindows& windows);
[[nodiscard]] MOLDAU_EXPORT WindowPlan plan_windows(const SlidingWindows& windows);
[[nodiscard]] MOLDAU_EXPORT WindowPlan plan_windows(const SessionWindows& windows);
[[nodiscard]] MOLDAU_EXPORT WindowPlan plan_windows(const UnlimitedWindows& windows);
[[nodiscard]] MOLDAU_EXPORT WindowPlan
plan_custom_windows(std::chrono::milliseconds size, std::chrono::milliseconds grace,
                    std::shared_ptr<const processor::WindowAssigner> assigner);

// Throws StreamsError naming the window that cannot be one.
MOLDAU_EXPORT void check_custom_windows(Timestamp time, std::span<const Window> windows,
                                        std::chrono::milliseconds size);

template <class W>
class CustomAssigner final : public processor::WindowAssigner {
 public:
  explicit CustomAssigner(W windows) : windows_(std::move(windows)) {}

  void assign(Timestamp time, std::vector<Window>& windows) const override {
    windows.clear();
    for (const Window& window : windows_.windows_for(time)) windows.push_back(window);
    check_custom_windows(time, windows, windows_.size());
  }
  [[nodiscard]] Timestamp end_of(Timestamp start) const override {
    for (const Window& window : windows_.windows_for(start)) {
      if (window.start == start) return window.end;
    }
    return saturating_add(start, windows_.size());
  }

 private:
  W windows_;
};

template <CustomWindows W>
WindowPlan plan_windows(const W& windows) {
  return plan_custom_windows(windows.size(), windows.grace(),
                             std::make_shared<CustomAssigner<W>>(windows));
}

}  // namespace dsl

}  // namespace moldau::inline v0
