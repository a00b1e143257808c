#pragma once

#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/window_rows.h"

#include "state/segment_rule.h"

namespace moldau::inline v0::state {

// The rows of the index by time (row_key.h) whose times lie within the span.
[[nodiscard]] ByteRange indexed_rows(const SegmentRule& rule, TimeSpan times);
[[nodiscard]] bool is_by_time(const ByteRange& range);
// The data rows of all segments that such a range touches.
[[nodiscard]] ByteRange data_rows_of(const ByteRange& indexed);

}  // namespace moldau::inline v0::state
