#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/serde.h"

#include <cstddef>
#include <vector>

namespace moldau::inline v0 {

// Bytes as they are: the reference's ByteArray, Bytes and ByteBuffer serdes.

template <>
struct Serde<ByteBuffer> {
  static void serialize(const ByteBuffer& value, ByteBuffer& out) { out.append(value); }
  static void deserialize(Bytes bytes, ByteBuffer& value) { value.assign(bytes); }
};

template <>
struct Serde<std::vector<std::byte>> {
  static void serialize(const std::vector<std::byte>& value, ByteBuffer& out) {
    out.append(Bytes{value.data(), value.size()});
  }
  static void deserialize(Bytes bytes, std::vector<std::byte>& value) {
    value.assign(bytes.data(), bytes.data() + bytes.size());
  }
};

}  // namespace moldau::inline v0
