#include "state/time_range.h"

#include "state/row_key.h"

#include <algorithm>

namespace moldau::inline v0::state {

namespace {

ByteBuffer index_key(const SegmentRule& rule, Timestamp segment_time, Timestamp time) {
  ByteBuffer key;
  append_indexed_segment(key, rule.segment_of(segment_time));
  append_time(key, time);
  return key;
}

}  // namespace

ByteRange indexed_rows(const SegmentRule& rule, TimeSpan times) {
  const Timestamp from = std::max(times.from, Timestamp{0});
  ByteRange range{.from = index_key(rule, from, from), .to_exclusive = true};
  if (times.to < from) {
    range.to = range.from;  // nothing
  } else if (times.to == Timestamp::max()) {
    range.to.emplace(Bytes{&behind_index, 1});
  } else {
    range.to = index_key(rule, times.to, times.to + Timestamp::duration{1});
  }
  return range;
}

}  // namespace moldau::inline v0::state
