#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"

#include <string>

namespace moldau::inline v0 {

// A text as UTF-8, without length or end mark: what the reference's String serde writes.
//
// Reading never fails: bytes that are not UTF-8 become U+FFFD, in the same places and as often as
// in Java. Writing copies the bytes of the string as they are. For bytes that are not text use
// ByteBuffer, which changes nothing.
template <>
struct Serde<std::string> {
  static void serialize(const std::string& value, ByteBuffer& out) {
    out.append(Bytes{std::string_view{value}});
  }
  MOLDAU_EXPORT static void deserialize(Bytes bytes, std::string& value);
};

}  // namespace moldau::inline v0
