#include "moldau/dsl/windows.h"

#include "moldau/base/error.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0::dsl {

namespace {

using std::chrono::milliseconds;

// Longer than history, and sums of a few of them are still numbers.
constexpr milliseconds longest{std::int64_t{1} << 60};

std::string text(milliseconds length) { return std::to_string(length.count()) + " ms"; }

std::string check_length(std::string_view what, milliseconds length, milliseconds least) {
  if (length >= least && length <= longest) return {};
  return std::string{what} + (least > milliseconds{0} ? " above zero" : " of zero or more") +
         ", not " + text(length);
}

std::string first_of(std::initializer_list<std::string> problems) {
  for (const std::string& problem : problems) {
    if (!problem.empty()) return problem;
  }
  return {};
}

std::string check_grace(milliseconds grace) {
  return check_length("windows need a grace period", grace, milliseconds{0});
}

std::string check_advance(milliseconds advance, milliseconds size) {
  if (advance > milliseconds{0} && advance <= size) return {};
  return "time windows advance by more than zero and at most their size of " + text(size) +
         ", not by " + text(advance);
}

// Of one that windows_for() gave; empty: none.
std::string problem_of(const Window& window, milliseconds size) {
  if (window.start.negative()) return "starts before the epoch";
  if (window.end <= window.start) return "is empty";
  if (window.end - window.start > size) return "is longer than size() says, " + text(size);
  return {};
}

}  // namespace

WindowPlan plan_windows(const TimeWindows& windows) {
  const milliseconds advance = windows.advance.value_or(windows.size);
  WindowPlan plan{
      .problem = first_of({check_length("time windows need a size", windows.size, milliseconds{1}),
                           check_advance(advance, windows.size), check_grace(windows.grace)})};
  if (!plan.problem.empty()) return plan;
  plan.assigner = processor::hopping_windows(windows.size, advance);
  plan.times = {.length = windows.size,
                .grace = windows.grace,
                .end_belongs = false,
                .retention = windows.size + windows.grace};
  return plan;
}

WindowPlan plan_windows(const SlidingWindows& windows) {
  WindowPlan plan{.problem = first_of({check_length("sliding windows need a time difference",
                                                    windows.time_difference, milliseconds{0}),
                                       check_grace(windows.grace)})};
  if (!plan.problem.empty()) return plan;
  // A record needs the windows that end before its left one.
  plan.times = {.length = windows.time_difference,
                .grace = windows.grace,
                .end_belongs = true,
                .retention = 2 * windows.time_difference + windows.grace};
  // The one before a window that is open may start a millisecond before that, and the store shows
  // only what starts after its retention.
  plan.linger = milliseconds{2};
  return plan;
}

WindowPlan plan_windows(const SessionWindows& windows) {
  WindowPlan plan{.kind = state::StoreKind::session,
                  .problem = first_of({check_length("sessions need an inactivity gap",
                                                    windows.inactivity_gap, milliseconds{0}),
                                       check_grace(windows.grace)})};
  if (!plan.problem.empty()) return plan;
  const milliseconds grace = windows.inactivity_gap + windows.grace;
  plan.times = {.length = milliseconds{0}, .grace = grace, .end_belongs = true, .retention = grace};
  plan.linger = milliseconds{1};  // its end belongs to it
  plan.gap = windows.inactivity_gap;
  return plan;
}

WindowPlan plan_windows(const UnlimitedWindows& windows) {
  WindowPlan plan{.no_final_results = "an unlimited window never closes"};
  if (windows.start.negative()) {
    plan.problem = "an unlimited window starts at zero or later, not at " +
                   std::to_string(windows.start.milliseconds());
    return plan;
  }
  plan.assigner = processor::unlimited_window(windows.start);
  plan.times = {.length = milliseconds::max(),
                .grace = milliseconds{0},
                .end_belongs = false,
                .retention = milliseconds::max()};
  return plan;
}

WindowPlan plan_custom_windows(milliseconds size, milliseconds grace,
                               std::shared_ptr<const processor::WindowAssigner> assigner) {
  WindowPlan plan{.assigner = std::move(assigner),
                  .problem = first_of({check_length("windows need a size", size, milliseconds{1}),
                                       check_grace(grace)}),
                  .no_final_results =
                      "windows of your own may have different lengths, so that which of them have "
                      "closed cannot be told by their starts"};
  if (!plan.problem.empty()) return plan;
  plan.times = {.length = size, .grace = grace, .end_belongs = false, .retention = size + grace};
  return plan;
}

void check_custom_windows(Timestamp time, std::span<const Window> windows, milliseconds size) {
  for (const Window& window : windows) {
    const std::string problem = problem_of(window, size);
    if (problem.empty()) continue;
    throw StreamsError("windows_for(" + std::to_string(time.milliseconds()) + ") gave the window " +
                       std::to_string(window.start.milliseconds()) + "-" +
                       std::to_string(window.end.milliseconds()) + ", which " + problem);
  }
}

}  // namespace moldau::inline v0::dsl
