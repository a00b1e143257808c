#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/record_metadata.h"

#include <optional>

namespace moldau::inline v0::state {

// A change of a table that waits in a buffer. A view.
struct BufferedChange {
  Bytes key;
  // When the change came up for leaving: the time of the first one of its key that is still held
  // back, or the end of a window.
  Timestamp time;
  // What the row was before the first change that is held back: what is known below.
  std::optional<Bytes> prior;
  // The last change.
  std::optional<Bytes> before;
  std::optional<Bytes> now;
  RecordContext context;  // of the last change
};

}  // namespace moldau::inline v0::state
