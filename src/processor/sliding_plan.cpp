#include "moldau/processor/sliding_plan.h"

#include <algorithm>
#include <memory>

namespace moldau::inline v0::processor {

namespace {

constexpr Timestamp epoch{0};
constexpr Timestamp::duration one_ms{1};

}  // namespace

std::span<const SlidingPlan::Step> SlidingPlan::make(state::WindowRows& rows, Bytes key,
                                                     Timestamp time) {
  found_.clear();
  steps_.clear();
  memory_.clear();
  format_ = RowFormat{rows.layout()};
  if (time < epoch + difference_) {
    plan_early(rows, key, time);
  } else {
    plan(rows, key, time);
  }
  return steps_;
}

SlidingPlan::Found& SlidingPlan::remember(const state::WindowIterator& row) {
  const Bytes value = row.value();
  found_.push_back(
      {.start = row.start(),
       .row = {.at = memory_.size(), .size = value.size(), .time = format_.time(value)}});
  memory_.append(value);
  return found_.back();
}

bool SlidingPlan::exists(Timestamp start) const {
  return std::ranges::any_of(found_, [&](const Found& window) { return window.start == start; });
}

// Newest first: the first window that ends before the record tells which record came before it, and
// what else there is does not matter.
void SlidingPlan::plan(state::WindowRows& rows, Bytes key, Timestamp time) {
  const Timestamp right_start = saturating_add(time, one_ms);
  bool has_left = false;
  bool has_right = false;
  std::optional<Step::Base> before;        // the newest window that ends before the record
  std::optional<Step::Base> around;        // the newest one that goes on behind it
  std::optional<Timestamp> previous_time;  // of the last record before this one

  const Timestamp earliest = std::max(epoch, time - 2 * difference_);
  for (auto row =
           rows.fetch(key, {.from = earliest, .to = right_start}, state::Direction::backward);
       row->valid(); row->next()) {
    const Found& window = remember(*row);
    const Timestamp end = end_of(window.start);
    if (window.start == right_start) {
      has_right = true;
    } else if (end >= time) {
      steps_.push_back({.start = window.start, .is_new = false, .base = window.row});
      if (end > time) {
        if (!around) around = window.row;
        continue;
      }
      has_left = true;
      // A record at this very time was here before, so all windows exist.
      if (window.row.time >= time) return;
      previous_time = window.row.time;
    } else {
      before = window.row;
      previous_time = window.row.time;
      break;
    }
  }

  if (previous_time) {
    const Timestamp start = *previous_time + one_ms;
    if (!exists(start) && end_of(start) >= time) steps_.push_back({.start = start});
  }
  if (!has_left) {
    Step left{.start = time - difference_};
    if (previous_time && *previous_time >= left.start) {
      left.base = before;
      left.base->time = time;
    }
    steps_.push_back(left);
  }
  if (!has_right) add_right_window(time, around);
}

// A record so close to the epoch that its left window would start before: one window from the epoch
// on stands for the left windows of all such records.
void SlidingPlan::plan_early(state::WindowRows& rows, Bytes key, Timestamp time) {
  const Timestamp right_start = saturating_add(time, one_ms);
  bool has_right = false;
  std::optional<Step::Base> shared;  // the window from the epoch on
  std::optional<Step::Base> around;
  std::optional<Timestamp> previous_time;

  for (auto row = rows.fetch(key, {.from = epoch, .to = right_start}, state::Direction::forward);
       row->valid(); row->next()) {
    const Found& window = remember(*row);
    if (window.start == epoch) {
      shared = window.row;
      if (window.row.time < time) previous_time = window.row.time;
    } else if (window.start == right_start) {
      has_right = true;
    } else {
      around = window.row;
      steps_.push_back({.start = window.start, .is_new = false, .base = window.row});
    }
  }
  // Without a window in between, the shared one holds later records only.
  if (!around && shared && shared->time > time) around = shared;

  if (!has_right) add_right_window(time, around);
  if (previous_time && !exists(*previous_time + one_ms)) {
    steps_.push_back({.start = *previous_time + one_ms});
  }
  steps_.push_back({.start = epoch, .is_new = !shared, .base = shared});
}

// The window behind the record has in it what the newest window around the record has, if that is
// anything later than the record.
void SlidingPlan::add_right_window(Timestamp time, const std::optional<Step::Base>& base) {
  if (!base || base->time <= time) return;
  steps_.push_back({.start = time + one_ms, .adds_record = false, .base = base});
}

}  // namespace moldau::inline v0::processor
