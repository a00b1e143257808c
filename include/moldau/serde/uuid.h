#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0 {

// A universally unique identifier: 16 bytes, in the order in which the text shows them. Ordered
// like its text, which is not the order of Java's signed comparison.
struct Uuid {
  std::array<std::uint8_t, 16> bytes = {};

  friend bool operator==(const Uuid&, const Uuid&) noexcept = default;
  friend std::strong_ordering operator<=>(const Uuid&, const Uuid&) noexcept = default;
};

// 36 characters in lower case: "01234567-89ab-cdef-0123-456789abcdef".
[[nodiscard]] MOLDAU_EXPORT std::string to_string(const Uuid& uuid);

// The inverse; letters may be in either case. nullopt for anything else, shortened groups such as
// "1-2-3-4-5" included.
[[nodiscard]] MOLDAU_EXPORT std::optional<Uuid> parse_uuid(std::string_view text);

// The 36 characters of the text, as the reference's UUID serde writes them.
template <>
struct Serde<Uuid> {
  MOLDAU_EXPORT static void serialize(const Uuid& value, ByteBuffer& out);
  MOLDAU_EXPORT static void deserialize(Bytes bytes, Uuid& value);
};

}  // namespace moldau::inline v0

template <>
struct std::hash<moldau::Uuid> {
  std::size_t operator()(const moldau::Uuid& uuid) const noexcept {
    return std::hash<moldau::Bytes>{}(moldau::Bytes{uuid.bytes.data(), uuid.bytes.size()});
  }
};
