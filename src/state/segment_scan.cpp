#include "state/segment_scan.h"

#include "state/segmented_store.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::state {

namespace {

std::optional<ByteBuffer> owned(std::optional<Bytes> bytes) {
  return bytes ? std::optional{ByteBuffer{*bytes}} : std::nullopt;
}

}  // namespace

SegmentScan::Limits SegmentScan::Limits::of_key(Bytes key, TimeSpan times) {
  return {.first_key = ByteBuffer{key}, .last_key = ByteBuffer{key}, .times = times};
}

SegmentScan::Limits SegmentScan::Limits::of_keys(const KeySpan& keys, TimeSpan times) {
  return {.first_key = owned(keys.from), .last_key = owned(keys.to), .times = times};
}

SegmentScan::SegmentScan(const Place& place, Limits limits, Direction direction)
    : store_(place.store),
      segments_(place.segments),
      access_(place.access),
      rule_(segments_.rule()),
      schema_(segments_.schema()),
      sessions_(store_.spec().kind == StoreKind::session),
      cached_(store_.cached()),
      limits_(std::move(limits)),
      direction_(direction),
      first_(rule_.segment_of(std::max(limits_.times.from, Timestamp{0}))) {
  Timestamp latest;
  {
    const auto lock = access_.lock();
    latest = segments_.latest();
    // What is older does not show, unless it is in the cache.
    if (!cached_) first_ = std::max(first_, segments_.hiding_segment());
  }
  last_ = rule_.segment_of(std::min(limits_.times.to, latest));
  const bool nothing =
      limits_.times.to < limits_.times.from || limits_.times.to.negative() ||
      latest < limits_.times.from || latest.negative() ||
      (limits_.first_key && limits_.last_key && *limits_.last_key < *limits_.first_key);
  if (nothing) return;
  if (turn_to(forward() ? first_ : last_)) settle();
}

bool SegmentScan::one_key() const {
  return limits_.first_key && limits_.last_key && *limits_.first_key == *limits_.last_key;
}

ByteBuffer SegmentScan::first_row(std::int64_t segment) const {
  ByteBuffer row;
  if (limits_.first_key) row.reserve(segment_size + limits_.first_key->size() + time_size);
  append_big_endian(row, segment);
  if (!limits_.first_key) return row;
  row.append(*limits_.first_key);
  // Only with a single key does the time decide what comes first.
  if (one_key()) append_time(row, std::max(limits_.times.from, Timestamp{0}));
  return row;
}

ByteBuffer SegmentScan::last_row(std::int64_t segment) const {
  ByteBuffer row;
  if (!limits_.last_key) {
    append_big_endian(row, segment + 1);
    return row;
  }
  const Bytes key = *limits_.last_key;
  row.reserve(segment_size + key.size() + time_size + schema_.tail_size());
  append_big_endian(row, segment);
  row.append(key);
  append_time(row, std::min(limits_.times.to, rule_.last_time_of(segment)));
  for (std::size_t i = 0; i < schema_.tail_size(); ++i) row.append(std::byte{0xff});
  if (one_key()) return row;
  const ByteBuffer suffix{row.bytes().without_first(segment_size + key.size())};
  // A key that is the beginning of the last one comes before it, but its rows need not: they go on
  // with a time where those of the last key go on with its next byte.
  for (std::size_t size = 0; size < key.size(); ++size) {
    if (key[size] > suffix.data()[0]) continue;
    ByteBuffer other;
    append_big_endian(other, segment);
    other.append(key.first(size));
    other.append(suffix);
    if (row < other) row = std::move(other);
  }
  return row;
}

// A store passes over the rows that have become too old to show one by one: a range that met those
// of other keys would cost more the more keys there are. They all lie in one segment.
std::int64_t SegmentScan::reach_from(std::int64_t segment) const {
  if (!cached_) return segment;
  const std::int64_t hiding = segments_.hiding_segment();
  if (segment == hiding) return segment;
  if (forward()) return segment < hiding ? std::min(last_, hiding - 1) : last_;
  return segment > hiding ? std::max(first_, hiding + 1) : first_;
}

bool SegmentScan::turn_to(std::int64_t segment) {
  rows_ = nullptr;
  if (!cached_) {
    const auto lock = access_.lock();
    const SegmentSet& known = segments_.segments();
    const auto next = forward() ? known.first_from(segment) : known.last_until(segment);
    if (!next) return false;
    segment = *next;
  }
  if (segment < first_ || segment > last_) return false;
  segment_ = segment;
  reach_ = reach_from(segment);
  const ByteRange range{.from = first_row(forward() ? segment : reach_),
                        .to = last_row(forward() ? reach_ : segment)};
  // Not reached otherwise.
  if (reach_ != segment) end_of_segment_ = forward() ? last_row(segment) : first_row(segment);
  rows_ = store_.range(range, direction_);
  return true;
}

bool SegmentScan::behind_segment(Bytes row) const {
  if (reach_ == segment_) return false;
  return forward() ? row > end_of_segment_.bytes() : row < end_of_segment_.bytes();
}

void SegmentScan::settle() {
  while (true) {
    if (!rows_->valid()) {
      if (!turn_to_next(reach_)) return;
      continue;
    }
    const Bytes row = rows_->key();
    const std::int64_t segment = segment_in(row);
    if (segment != segment_) {
      // The next one that holds rows at all.
      if (!turn_to(segment)) return;
    } else if (behind_segment(row)) {
      if (!turn_to_next(segment)) return;
    } else if (wanted(row)) {
      return;
    } else {
      rows_->next();
    }
  }
}

bool SegmentScan::wanted(Bytes row) const {
  const Timestamp time = schema_.time_in(row);
  if (time < limits_.times.from || time > limits_.times.to) return false;
  if (sessions_ && load_time(schema_.tail_in(row), 0) > limits_.latest_start) return false;
  const Bytes key = schema_.key_in(row);
  if (limits_.first_key && key < limits_.first_key->bytes()) return false;
  return !limits_.last_key || key <= limits_.last_key->bytes();
}

void SegmentScan::next() {
  rows_->next();
  settle();
}

}  // namespace moldau::inline v0::state
