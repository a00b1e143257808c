#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"
#include "moldau/serde/serde_failure.h"

#include <bit>
#include <cstdint>

namespace moldau::inline v0 {

namespace detail {

template <class T>
void deserialize_integer(std::string_view type, Bytes bytes, T& value) {
  if (bytes.size() != sizeof(T)) throw_wrong_size(type, sizeof(T), bytes.size());
  value = load_big_endian<T>(bytes.data());
}

}  // namespace detail

// Numbers as the reference's Short, Integer, Long, Float and Double serdes write them: big-endian,
// two's complement or IEEE 754. Bytes of any other size are a SerdeError.

template <>
struct Serde<std::int16_t> {
  static void serialize(std::int16_t value, ByteBuffer& out) { append_big_endian(out, value); }
  static void deserialize(Bytes bytes, std::int16_t& value) {
    detail::deserialize_integer("int16", bytes, value);
  }
};

template <>
struct Serde<std::int32_t> {
  static void serialize(std::int32_t value, ByteBuffer& out) { append_big_endian(out, value); }
  static void deserialize(Bytes bytes, std::int32_t& value) {
    detail::deserialize_integer("int32", bytes, value);
  }
};

template <>
struct Serde<std::int64_t> {
  static void serialize(std::int64_t value, ByteBuffer& out) { append_big_endian(out, value); }
  static void deserialize(Bytes bytes, std::int64_t& value) {
    detail::deserialize_integer("int64", bytes, value);
  }
};

// The bits are kept as they are: -0.0 and the payload of a NaN survive.
template <>
struct Serde<float> {
  static_assert(sizeof(float) == sizeof(std::uint32_t));
  static void serialize(float value, ByteBuffer& out) {
    append_big_endian(out, std::bit_cast<std::uint32_t>(value));
  }
  static void deserialize(Bytes bytes, float& value) {
    std::uint32_t bits = 0;
    detail::deserialize_integer("float", bytes, bits);
    value = std::bit_cast<float>(bits);
  }
};

template <>
struct Serde<double> {
  static_assert(sizeof(double) == sizeof(std::uint64_t));
  static void serialize(double value, ByteBuffer& out) {
    append_big_endian(out, std::bit_cast<std::uint64_t>(value));
  }
  static void deserialize(Bytes bytes, double& value) {
    std::uint64_t bits = 0;
    detail::deserialize_integer("double", bytes, bits);
    value = std::bit_cast<double>(bits);
  }
};

// One byte, 0 or 1; any other byte is a SerdeError.
template <>
struct Serde<bool> {
  static void serialize(bool value, ByteBuffer& out) {
    out.append(value ? std::byte{1} : std::byte{0});
  }
  MOLDAU_EXPORT static void deserialize(Bytes bytes, bool& value);
};

}  // namespace moldau::inline v0
