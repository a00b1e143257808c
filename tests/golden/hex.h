#pragma once

#include "moldau/base/bytes.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace moldau {

inline std::string to_hex(Bytes bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char character : bytes.text()) {
    const auto byte = static_cast<unsigned char>(character);
    hex += digits[byte >> 4U];
    hex += digits[byte & 0xFU];
  }
  return hex;
}

// REQUIRES: lower-case hexadecimal digits; anything else throws.
inline ByteBuffer from_hex(std::string_view hex) {
  const auto value = [](char digit) {
    const std::size_t found = std::string_view{"0123456789abcdef"}.find(digit);
    if (found == std::string_view::npos) throw std::invalid_argument("not hexadecimal");
    return found;
  };
  if (hex.size() % 2 != 0) throw std::invalid_argument("half a byte");
  ByteBuffer bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.append(static_cast<std::byte>(value(hex[i]) << 4U | value(hex[i + 1])));
  }
  return bytes;
}

}  // namespace moldau
