#pragma once

#include "moldau/base/bytes.h"

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace moldau::inline v0 {

// Kafka and Kafka Streams write every integer big-endian.

// REQUIRES: `from` points at sizeof(T) readable bytes.
template <std::integral T>
[[nodiscard]] inline T load_big_endian(const std::byte* from) noexcept {
  std::make_unsigned_t<T> value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<std::make_unsigned_t<T>>((static_cast<unsigned long long>(value) << 8) |
                                                 std::to_integer<unsigned>(from[i]));
  }
  return static_cast<T>(value);
}

template <std::integral T>
inline void store_big_endian(T value, std::byte* to) noexcept {
  auto bits = static_cast<unsigned long long>(static_cast<std::make_unsigned_t<T>>(value));
  for (std::size_t i = sizeof(T); i-- > 0;) {
    to[i] = static_cast<std::byte>(bits & 0xff);
    bits >>= 8;
  }
}

template <std::integral T>
inline void append_big_endian(ByteBuffer& out, T value) {
  std::array<std::byte, sizeof(T)> bytes;
  store_big_endian(value, bytes.data());
  out.append(Bytes{bytes.data(), bytes.size()});
}

}  // namespace moldau::inline v0
