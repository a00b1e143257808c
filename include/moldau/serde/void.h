#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"

namespace moldau::inline v0 {

// The type of a key or value that is always null. All its objects are equal.
struct Void {
  friend bool operator==(Void, Void) noexcept { return true; }
};

// Writes null. Bytes that are not null, even no bytes at all, are a SerdeError.
template <>
struct Serde<Void> {
  static bool is_null(const Void& /*value*/) { return true; }
  static void set_null(Void& /*value*/) {}
  static void serialize(const Void& /*value*/, ByteBuffer& /*out*/) {}
  MOLDAU_EXPORT static void deserialize(Bytes bytes, Void& value);
};

}  // namespace moldau::inline v0
