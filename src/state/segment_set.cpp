#include "state/segment_set.h"

#include "state/overlay_store.h"
#include "state/row_key.h"

#include <algorithm>
#include <iterator>

namespace moldau::inline v0::state {

void SegmentSet::load(OverlayStore& rows, Bytes end) {
  segments_.clear();
  ByteRange range{.from = ByteBuffer{}, .to = ByteBuffer{end}, .to_exclusive = true};
  while (true) {
    const auto first = rows.range(range, Direction::forward);
    if (!first->valid()) return;
    const std::int64_t segment = segment_in(first->key());
    segments_.push_back(segment);
    range.from->clear();
    append_big_endian(*range.from, segment + 1);
  }
}

void SegmentSet::add(std::int64_t segment) {
  // Nearly always the latest one, which is known.
  if (!segments_.empty() && segments_.back() == segment) return;
  const auto at = std::ranges::lower_bound(segments_, segment);
  if (at == segments_.end() || *at != segment) segments_.insert(at, segment);
}

std::optional<std::int64_t> SegmentSet::first_from(std::int64_t segment) const noexcept {
  const auto at = std::ranges::lower_bound(segments_, segment);
  return at != segments_.end() ? std::optional{*at} : std::nullopt;
}

std::optional<std::int64_t> SegmentSet::last_until(std::int64_t segment) const noexcept {
  const auto at = std::ranges::upper_bound(segments_, segment);
  return at != segments_.begin() ? std::optional{*std::prev(at)} : std::nullopt;
}

void SegmentSet::expire_before(std::int64_t oldest, OverlayStore& rows, bool indexed) {
  const auto end = std::ranges::lower_bound(segments_, oldest);
  if (end == segments_.begin()) return;
  const std::int64_t first = segments_.front();
  rows.erase_range(start_of_segment(first), start_of_segment(oldest));
  if (indexed) rows.erase_range(start_of_indexed(first), start_of_indexed(oldest));
  segments_.erase(segments_.begin(), end);
}

}  // namespace moldau::inline v0::state
