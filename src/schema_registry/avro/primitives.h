#pragma once

#include "moldau/base/bytes.h"

#include "schema_registry/byte_reader.h"
#include "schema_registry/wire_format.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// The primitive types of Avro's binary encoding that are more than a number.
namespace moldau::inline v0::avro {

// Little-endian, unlike everything else in Kafka.
template <class Float>
void write_float(Float value, ByteBuffer& out) {
  using Bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
  auto bits = std::bit_cast<Bits>(value);
  std::array<std::byte, sizeof(Bits)> bytes;
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(bits & 0xFFU);
    bits >>= 8U;
  }
  out.append(Bytes{bytes.data(), bytes.size()});
}

template <class Float>
Float read_float(schema_registry::ByteReader& in) {
  using Bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
  const Bytes bytes = in.take(sizeof(Bits));
  Bits bits = 0;
  for (std::size_t i = sizeof(Bits); i-- > 0;) {
    bits = bits << 8U | std::to_integer<Bits>(bytes[i]);
  }
  return std::bit_cast<Float>(bits);
}

// Bytes and strings: their length, then they.
inline void write_prefixed(Bytes bytes, ByteBuffer& out) {
  schema_registry::write_varint(static_cast<std::int64_t>(bytes.size()), out);
  out.append(bytes);
}

}  // namespace moldau::inline v0::avro
