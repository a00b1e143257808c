#include "state/cached_by_time.h"

#include "state/time_range.h"

#include <optional>
#include <utility>

namespace moldau::inline v0::state {

CachedByTime::CachedByTime(std::unique_ptr<BytesIterator> below, const RowIndex& entries,
                           const RowSchema& schema, const ByteRange& range, Direction direction)
    : rows_(std::move(below), index(entries, schema, range), range, direction) {}

const RowIndex& CachedByTime::index(const RowIndex& entries, const RowSchema& schema,
                                    const ByteRange& range) {
  const ByteRange segments = data_rows_of(range);
  RowCursor cursor{entries, segments, Direction::forward};
  ByteBuffer key;
  while (const Row* entry = cursor.peek(std::nullopt)) {
    cursor.advance();
    schema.index_row(entry->key(), key);
    if (!range.contains(key)) continue;
    Row& row = entries_.emplace_back(key);
    row.set_value(entry->value());
    by_time_.add(row);
  }
  return by_time_;
}

}  // namespace moldau::inline v0::state
