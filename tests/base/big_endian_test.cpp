#include "moldau/base/big_endian.h"

#include "golden/hex.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace moldau {
namespace {

template <class T>
std::string hex_of(T value) {
  ByteBuffer out;
  append_big_endian(out, value);
  return to_hex(out);
}

template <class T>
T load(std::string_view hex) {
  return load_big_endian<T>(from_hex(hex).data());
}

TEST(BigEndian, WritesTheHighestByteFirst) {
  EXPECT_EQ(hex_of(std::int8_t{-2}), "fe");
  EXPECT_EQ(hex_of(std::int16_t{0x0102}), "0102");
  EXPECT_EQ(hex_of(std::uint32_t{0x89abcdef}), "89abcdef");
  EXPECT_EQ(hex_of(std::int64_t{0x0123456789abcdef}), "0123456789abcdef");
  EXPECT_EQ(hex_of(std::numeric_limits<std::int64_t>::min()), "8000000000000000");
}

TEST(BigEndian, ReadsSignedAndUnsigned) {
  EXPECT_EQ(load<std::int8_t>("80"), -128);
  EXPECT_EQ(load<std::int16_t>("fffe"), -2);
  EXPECT_EQ(load<std::uint16_t>("fffe"), 0xfffe);
  EXPECT_EQ(load<std::int32_t>("80000000"), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(load<std::int64_t>("ffffffffffffffff"), -1);
  EXPECT_EQ(load<std::uint64_t>("8000000000000001"), 0x8000000000000001U);
}

TEST(BigEndian, StoresInPlace) {
  ByteBuffer buffer = from_hex("ffffffffffff");

  store_big_endian(std::int32_t{1}, buffer.data() + 1);

  EXPECT_EQ(to_hex(buffer), "ff00000001ff");
}

}  // namespace
}  // namespace moldau
