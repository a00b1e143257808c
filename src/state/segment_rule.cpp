#include "state/segment_rule.h"

#include <algorithm>
#include <chrono>

namespace moldau::inline v0::state {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// The reference's choices.
milliseconds default_interval(StoreKind kind, milliseconds retention) noexcept {
  if (kind != StoreKind::versioned) return std::max(retention / 2, milliseconds{1min});
  if (retention <= 1min) return std::max(retention / 3, milliseconds{2s});
  if (retention <= 5min) return std::max(retention / 5, milliseconds{20s});
  if (retention <= 1h) return std::max(retention / 12, milliseconds{1min});
  return std::max(retention / 24, milliseconds{5min});
}

}  // namespace

SegmentRule::SegmentRule(const StoreSpec& spec) noexcept
    : kept_for_(spec.retention > milliseconds::max() - spec.linger ? milliseconds::max()
                                                                   : spec.retention + spec.linger),
      interval_((spec.segment_interval > 0ms ? spec.segment_interval
                                             : default_interval(spec.kind, spec.retention))
                    .count()),
      margin_(1),
      by_segment_(spec.type == StoreType::rocksdb) {
  // Windows that are emitted when they close live one millisecond longer: the one that closes right
  // at the end of the retention is still to be emitted.
  if (by_segment_ && spec.kind == StoreKind::window && spec.time_index) margin_ = 0ms;
}

Timestamp SegmentRule::last_time_of(std::int64_t segment) const noexcept {
  constexpr std::int64_t end_of_time = Timestamp::max().milliseconds();
  // Whether the next segment begins before the end of time.
  return segment < end_of_time / interval_ ? Timestamp{(segment + 1) * interval_ - 1}
                                           : Timestamp{end_of_time};
}

bool SegmentRule::refuses(Timestamp time, Timestamp store_time) const noexcept {
  return by_segment_ ? segment_of(time) < oldest_segment(store_time)
                     : time <= store_time - kept_for_;
}

}  // namespace moldau::inline v0::state
