#include "moldau/serde/numbers.h"

#include "serde/serde_bytes.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>

namespace moldau {
namespace {

TEST(NumberSerdes, WriteBigEndianTwosComplement) {
  EXPECT_EQ(written_hex(std::int16_t{258}), "0102");
  EXPECT_EQ(written_hex(std::int32_t{-1}), "ffffffff");
  EXPECT_EQ(written_hex(std::int64_t{1'700'000'000'123}), "0000018bcfe5687b");
  EXPECT_EQ(written_hex(1.5F), "3fc00000");
  EXPECT_EQ(written_hex(-2.25), "c002000000000000");
}

TEST(NumberSerdes, KeepTheSignOfZeroAndThePayloadOfANan) {
  const double negative_zero = read_hex<double>("8000000000000000");
  const double nan = read_hex<double>("7ff4000000000123");

  EXPECT_EQ(written_hex(negative_zero), "8000000000000000");
  EXPECT_EQ(written_hex(nan), "7ff4000000000123");
  EXPECT_EQ(written_hex(read_hex<float>("7fa00123")), "7fa00123");
  EXPECT_EQ(written_hex(std::numeric_limits<double>::quiet_NaN()), "7ff8000000000000");
}

TEST(NumberSerdes, RefuseBytesOfAnotherSizeWithTypeAndBothSizes) {
  EXPECT_EQ(read_failure<std::int16_t>("00"), "int16: expected 2 bytes, found 1");
  EXPECT_EQ(read_failure<std::int32_t>("000000"), "int32: expected 4 bytes, found 3");
  EXPECT_EQ(read_failure<std::int64_t>(""), "int64: expected 8 bytes, found 0");
  EXPECT_EQ(read_failure<std::int64_t>("000000000000000000"), "int64: expected 8 bytes, found 9");
  EXPECT_EQ(read_failure<float>("0000000000000000"), "float: expected 4 bytes, found 8");
  EXPECT_EQ(read_failure<double>("00000000"), "double: expected 8 bytes, found 4");
}

TEST(NumberSerdes, RefuseEveryTruncation) {
  expect_truncations_fail(std::int16_t{-2});
  expect_truncations_fail(std::int32_t{7});
  expect_truncations_fail(std::numeric_limits<std::int64_t>::min());
  expect_truncations_fail(1.0F);
  expect_truncations_fail(1.0);
  expect_truncations_fail(true);
}

TEST(BoolSerde, IsOneByteOfZeroOrOne) {
  EXPECT_EQ(written_hex(true), "01");
  EXPECT_EQ(written_hex(false), "00");
  EXPECT_TRUE(read_hex<bool>("01"));
  EXPECT_FALSE(read_hex<bool>("00"));
}

TEST(BoolSerde, RefusesAnyOtherByte) {
  EXPECT_EQ(read_failure<bool>("02"), "bool: expected a byte of 0 or 1, found 2");
  EXPECT_EQ(read_failure<bool>("ff"), "bool: expected a byte of 0 or 1, found 255");
  EXPECT_EQ(read_failure<bool>("0001"), "bool: expected 1 byte, found 2");
}

TEST(Serdes, AppendToWhatTheBufferHolds) {
  ByteBuffer out{Bytes{std::string_view{"key"}}};

  Serde<std::int16_t>::serialize(1, out);

  EXPECT_EQ(to_hex(out), "6b65790001");
}

}  // namespace
}  // namespace moldau
