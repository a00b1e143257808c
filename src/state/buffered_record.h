#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"
#include "moldau/record/record_metadata.h"

#include <optional>
#include <string_view>

namespace moldau::inline v0::state {

// A record that waits in a buffer, as it is written: where it came from, the value of its key
// before the first update that waits, before the last one, and now, and a time. (interop.md
// section 5.8, the layout with version 3.)
struct BufferedRecord {
  Timestamp timestamp;
  RecordMetadata metadata;
  std::optional<Bytes> prior;
  std::optional<Bytes> old;
  std::optional<Bytes> now;
  Timestamp buffer_time;
};

// Appends the record to `out`.
MOLDAU_TESTING_EXPORT void write_buffered_record(const BufferedRecord& record,
                                                 const Headers& headers, ByteBuffer& out);

// Reads what write_buffered_record() wrote; the parts are views of `bytes`, the headers are put
// into `headers`. Throws StateStoreError naming the store if it is something else.
[[nodiscard]] MOLDAU_TESTING_EXPORT BufferedRecord read_buffered_record(std::string_view store,
                                                                        Bytes bytes,
                                                                        Headers& headers);

}  // namespace moldau::inline v0::state
