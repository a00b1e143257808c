#pragma once

#include "moldau/base/bytes.h"

#include "golden/hex.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace moldau {

// Bytes written down by hand: pieces of hexadecimal digits, and text() between them.
inline ByteBuffer by_hand(std::initializer_list<std::string> pieces) {
  std::string hex;
  for (const std::string& piece : pieces) hex += piece;
  return from_hex(hex);
}

inline std::string text(std::string_view characters) { return to_hex(Bytes{characters}); }

}  // namespace moldau
