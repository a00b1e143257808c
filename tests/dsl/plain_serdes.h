#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/serde/serde.h"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

// Serdes for what the tests of the DSL put into topics.

// A key that is always null.
struct Nothing {};

struct Uuid {
  std::string text;
};

template <>
struct moldau::Serde<std::string> {
  static void serialize(const std::string& value, ByteBuffer& out) {
    out.append(Bytes{std::string_view{value}});
  }
  static void deserialize(Bytes bytes, std::string& value) { value.assign(bytes.text()); }
};

template <>
struct moldau::Serde<Uuid> {
  static void serialize(const Uuid& value, ByteBuffer& out) {
    out.append(Bytes{std::string_view{value.text}});
  }
  static void deserialize(Bytes bytes, Uuid& value) { value.text.assign(bytes.text()); }
};

template <>
struct moldau::Serde<moldau::ByteBuffer> {
  static void serialize(const ByteBuffer& value, ByteBuffer& out) { out.append(value); }
  static void deserialize(Bytes bytes, ByteBuffer& value) { value.assign(bytes); }
};

template <>
struct moldau::Serde<Nothing> {
  static void serialize(const Nothing& /*value*/, ByteBuffer& /*out*/) {}
  static void deserialize(Bytes /*bytes*/, Nothing& /*value*/) {
    throw SerdeError("expected a null");
  }
  static bool is_null(const Nothing& /*value*/) { return true; }
  static void set_null(Nothing& /*value*/) {}
};

template <class T>
struct BigEndianSerde {
  static void serialize(const T& value, moldau::ByteBuffer& out) {
    moldau::append_big_endian(out, value);
  }
  static void deserialize(moldau::Bytes bytes, T& value) {
    if (bytes.size() != sizeof(T)) throw moldau::SerdeError("wrong number of bytes");
    value = moldau::load_big_endian<T>(bytes.data());
  }
};
template <>
struct moldau::Serde<std::int16_t> : BigEndianSerde<std::int16_t> {};
template <>
struct moldau::Serde<std::int32_t> : BigEndianSerde<std::int32_t> {};
template <>
struct moldau::Serde<std::int64_t> : BigEndianSerde<std::int64_t> {};

template <>
struct moldau::Serde<bool> {
  static void serialize(const bool& value, ByteBuffer& out) {
    append_big_endian(out, static_cast<std::int8_t>(value ? 1 : 0));
  }
  static void deserialize(Bytes bytes, bool& value) { value = bytes[0] != std::byte{0}; }
};

template <class T, class Bits>
struct FloatingSerde {
  static void serialize(const T& value, moldau::ByteBuffer& out) {
    moldau::append_big_endian(out, std::bit_cast<Bits>(value));
  }
  static void deserialize(moldau::Bytes bytes, T& value) {
    value = std::bit_cast<T>(moldau::load_big_endian<Bits>(bytes.data()));
  }
};
template <>
struct moldau::Serde<float> : FloatingSerde<float, std::int32_t> {};
template <>
struct moldau::Serde<double> : FloatingSerde<double, std::int64_t> {};

template <>
struct moldau::Serde<std::vector<std::int64_t>> {
  static void serialize(const std::vector<std::int64_t>& value, ByteBuffer& out) {
    for (const std::int64_t element : value) append_big_endian(out, element);
  }
  static void deserialize(Bytes bytes, std::vector<std::int64_t>& value) {
    value.clear();
    for (; !bytes.empty(); bytes = bytes.without_first(8)) {
      value.push_back(load_big_endian<std::int64_t>(bytes.data()));
    }
  }
};
