#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/store_spec.h"

#include <cstddef>

namespace moldau::inline v0::state {

// What a changelog record says of a stored value: the user's bytes, and their time.
struct ChangelogValue {
  Bytes value;
  Timestamp timestamp;
};

// `fallback` is the time of a value that carries none. Throws StateStoreError if `stored` is too
// short for its layout.
[[nodiscard]] ChangelogValue to_changelog(ValueLayout layout, Bytes stored, Timestamp fallback);

// Size of the value that a store makes of a changelog value of that size.
[[nodiscard]] std::size_t stored_size(ValueLayout layout, std::size_t changelog_size) noexcept;

// Appends what a store keeps for a changelog record's value.
void append_stored(ValueLayout layout, const ChangelogValue& from, ByteBuffer& out);

}  // namespace moldau::inline v0::state
