#include "moldau/processor/final_results.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::processor {

void FinalResults::open(TaskContext& context, std::string store, WindowClock& clock) {
  context_ = &context;
  store_ = std::move(store);
  complete_ = context.semantics() == Semantics::complete;
  interval_ = context.final_results_interval();
  resume(clock);
}

void FinalResults::resume(WindowClock& clock) {
  last_.reset();
  const std::optional<std::int64_t> committed = context_->committed_number(store_);
  if (!committed) return;
  last_ = Timestamp{*committed};
  // What was closed there is late here as well. The reference accepts records for windows that it
  // has emitted, and then never shows the change.
  if (complete_) clock.resume(*last_);
}

std::optional<state::TimeSpan> FinalResults::due(const WindowClock& clock, Timestamp newest) {
  const Timestamp close_time = clock.close_time();
  if (!complete_) {
    // An attempt counts, whether or not there is something to emit.
    if (!interval_is_over() || !progressed(close_time)) return std::nullopt;
    return closed_by(close_time);
  }
  if (!progressed(close_time)) return std::nullopt;
  const std::optional<state::TimeSpan> rows = closed_by(close_time);
  if (!rows) return std::nullopt;
  const bool about_to_be_forgotten = newest - times_.retention >= rows->from;
  if (!about_to_be_forgotten && !interval_is_over()) return std::nullopt;
  return rows;
}

void FinalResults::emitted(const WindowClock& clock) {
  last_ = clock.close_time();
  context_->commit_number(store_, last_->milliseconds());
}

bool FinalResults::progressed(Timestamp close_time) const noexcept {
  return !last_ || *last_ < close_time;
}

bool FinalResults::interval_is_over() {
  const Timestamp now = context_->clock().wall();
  if (now < next_attempt_) return false;
  next_attempt_ = now + interval_;
  return true;
}

std::optional<state::TimeSpan> FinalResults::closed_by(Timestamp close_time) {
  constexpr Timestamp epoch{0};
  constexpr Timestamp::duration step{1};
  // By `close_time` the windows are closed that start at `up_to` or before.
  const Timestamp up_to = close_time - times_.length - (times_.end_belongs ? step : step * 0);
  if (up_to.negative()) return std::nullopt;
  Timestamp from = epoch;
  if (last_) {
    from = std::max(epoch, *last_ - times_.length);
    if (!times_.end_belongs) from = from + step;
  }
  if (last_ && windows_ != nullptr) {
    windows_->assign(up_to, newly_);
    windows_->assign(from - step, already_);
    if (newly_ == already_) return std::nullopt;  // no window has started in between
  }
  return state::TimeSpan{.from = from, .to = up_to};
}

}  // namespace moldau::inline v0::processor
