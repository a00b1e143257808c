#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"
#include "moldau/state/store_spec.h"

#include <cstddef>

namespace moldau::inline v0::state {

// What a store keeps for a key, taken apart. Views of the stored bytes.
struct StoredValue {
  Bytes value;              // the user's bytes
  Timestamp timestamp;      // of a layout without one: what the caller gave instead
  Bytes headers = Bytes{};  // of a layout that has them, encoded: see decode_headers()
};

[[nodiscard]] constexpr bool has_headers(ValueLayout layout) noexcept {
  return layout == ValueLayout::headers || layout == ValueLayout::headers_untimed;
}
[[nodiscard]] constexpr bool has_time(ValueLayout layout) noexcept {
  return layout == ValueLayout::timestamped || layout == ValueLayout::headers;
}

// Throws StateStoreError if `stored` is too short for its layout.
[[nodiscard]] MOLDAU_EXPORT StoredValue split_stored(ValueLayout layout, Bytes stored,
                                                     Timestamp fallback);

// Appends what a store keeps. Parts that the layout has no place for are left out.
MOLDAU_EXPORT void append_stored(ValueLayout layout, Bytes value, Timestamp timestamp,
                                 const Headers& headers, ByteBuffer& out);
// The same up to the value, which the caller appends.
MOLDAU_EXPORT void append_stored_prefix(ValueLayout layout, Timestamp timestamp,
                                        const Headers& headers, ByteBuffer& out);

// How much append_stored() appends.
[[nodiscard]] MOLDAU_EXPORT std::size_t stored_size(ValueLayout layout, std::size_t value_size,
                                                    const Headers& headers) noexcept;

// How many bytes at the front of a stored value are headers and their size. REQUIRES: a layout that
// has headers. Throws StateStoreError if they are damaged.
[[nodiscard]] MOLDAU_EXPORT std::size_t stored_headers_size(Bytes stored);

// Replaces `headers` by those of a stored value. Throws StateStoreError if the bytes are damaged.
MOLDAU_EXPORT void decode_headers(Bytes encoded, Headers& headers);

}  // namespace moldau::inline v0::state
