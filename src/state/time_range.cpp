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

bool is_by_time(const ByteRange& range) {
  return range.from && range.from->bytes() >= Bytes{&behind_data, 1};
}

ByteRange data_rows_of(const ByteRange& indexed) {
  ByteRange rows{.from = start_of_segment(indexed_segment_in(*indexed.from)), .to_exclusive = true};
  if (indexed.to && indexed.to->size() >= segment_size) {
    rows.to = start_of_segment(indexed_segment_in(*indexed.to) + 1);
  } else {
    rows.to.emplace(Bytes{&behind_data, 1});
  }
  return rows;
}

}  // namespace moldau::inline v0::state
