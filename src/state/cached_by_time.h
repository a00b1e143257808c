#pragma once

#include "moldau/state/key_value_bytes_store.h"

#include "state/merged_iterator.h"
#include "state/row.h"
#include "state/row_index.h"
#include "state/row_schema.h"

#include <deque>
#include <memory>

namespace moldau::inline v0::state {

// Goes over a cached window store by time: the rows below with the cache's entries laid over them.
// A cache is in the order of the keys, so this looks at every entry of the segments that the range
// lies in. Shows the entries as they were when it was made.
class CachedByTime final : public BytesIterator {
 public:
  // `range` is one of index rows, and `below` goes over it. `entries` are data rows.
  CachedByTime(std::unique_ptr<BytesIterator> below, const RowIndex& entries,
               const RowSchema& schema, const ByteRange& range, Direction direction);

  [[nodiscard]] bool valid() const override { return rows_.valid(); }
  [[nodiscard]] Bytes key() const override { return rows_.key(); }
  [[nodiscard]] Bytes value() const override { return rows_.value(); }
  void next() override { rows_.next(); }

 private:
  [[nodiscard]] const RowIndex& index(const RowIndex& entries, const RowSchema& schema,
                                      const ByteRange& range);

  std::deque<Row> entries_;  // as index rows with their values
  RowIndex by_time_;
  MergedIterator rows_;
};

}  // namespace moldau::inline v0::state
