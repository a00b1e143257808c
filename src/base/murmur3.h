#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"

#include <cstdint>

namespace moldau::inline v0 {

struct Hash128 {
  std::uint64_t first;
  std::uint64_t second;

  friend bool operator==(const Hash128&, const Hash128&) = default;
};

// MurmurHash3, the 128-bit one for 64-bit machines, both halves seeded with `seed`.
[[nodiscard]] MOLDAU_TESTING_EXPORT Hash128 murmur3_128(Bytes bytes, std::uint32_t seed) noexcept;

}  // namespace moldau::inline v0
