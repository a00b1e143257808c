#pragma once

#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/window_rows.h"

#include "state/segment_rule.h"

namespace moldau::inline v0::state {

// The rows of the index by time (row_key.h) whose times lie within the span.
[[nodiscard]] ByteRange indexed_rows(const SegmentRule& rule, TimeSpan times);

}  // namespace moldau::inline v0::state
