#pragma once

#include "moldau/base/timestamp.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace moldau::inline v0::runtime {

// What the library keeps beside a committed offset (interop.md section 8), so that whoever takes
// the partition over, a Java instance too, decides about late records as its predecessor would
// have.
struct OffsetMetadata {
  // Highest timestamp seen in the partition; unknown() if none.
  Timestamp partition_time = Timestamp::unknown();
  // Store of an emit-on-close aggregation to the last window close it emitted.
  std::map<std::string, std::int64_t, std::less<>> processor_metadata;

  friend bool operator==(const OffsetMetadata&, const OffsetMetadata&) = default;
};

[[nodiscard]] std::string encode(const OffsetMetadata& metadata);

// Reads both versions that the reference has written. Anything else, the empty string included, is
// "nothing known": `understood` (if given) then tells whether it was more than empty.
[[nodiscard]] OffsetMetadata decode_offset_metadata(std::string_view text,
                                                    bool* understood = nullptr);

}  // namespace moldau::inline v0::runtime
