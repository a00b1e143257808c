#include "kafka/wire/codec.h"

#include "moldau/base/bytes.h"

#include "golden/hex.h"
#include "kafka/wire/decode_error.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace moldau::inline v0::kafka::wire {
namespace {

std::string uvarint(std::uint32_t value) {
  ByteBuffer bytes;
  Writer{bytes}.uvarint(value);
  return to_hex(bytes);
}

TEST(Codec, AVariableNumberPutsItsLowestGroupFirst) {
  EXPECT_EQ(uvarint(0), "00");
  EXPECT_EQ(uvarint(127), "7f");
  EXPECT_EQ(uvarint(128), "8001");
  EXPECT_EQ(uvarint(300), "ac02");
  EXPECT_EQ(uvarint(std::numeric_limits<std::uint32_t>::max()), "ffffffff0f");
}

TEST(Codec, AVariableNumberIsReadBack) {
  for (const std::uint32_t value :
       {0U, 1U, 127U, 128U, 16'383U, 16'384U, 0x7fff'ffffU, 0xffff'ffffU}) {
    const ByteBuffer bytes = from_hex(uvarint(value));
    Reader reader{bytes};

    EXPECT_EQ(reader.uvarint(), value);
    reader.expect_end();
  }
}

TEST(Codec, AVariableNumberOfMoreThan32BitsIsRefused) {
  for (const char* hex : {"ffffffff1f", "808080808001", "ffffffffffffffffff01"}) {
    const ByteBuffer bytes = from_hex(hex);

    EXPECT_THROW(Reader{bytes}.uvarint(), DecodeError) << hex;
  }
}

TEST(Codec, NumbersAreBigEndian) {
  ByteBuffer bytes;
  Writer writer{bytes};
  writer.int8(-2);
  writer.int16(-2);
  writer.uint16(65'534);
  writer.int32(0x01020304);
  writer.int64(0x0102030405060708);
  writer.boolean(true);

  EXPECT_EQ(to_hex(bytes),
            "fe"
            "fffe"
            "fffe"
            "01020304"
            "0102030405060708"
            "01");
  Reader reader{bytes};
  EXPECT_EQ(reader.int8(), -2);
  EXPECT_EQ(reader.int16(), -2);
  EXPECT_EQ(reader.uint16(), 65'534);
  EXPECT_EQ(reader.int32(), 0x01020304);
  EXPECT_EQ(reader.int64(), 0x0102030405060708);
  EXPECT_TRUE(reader.boolean());
}

TEST(Codec, AnEmptyTextIsNotNull) {
  ByteBuffer bytes;
  Writer writer{bytes};
  writer.nullable_string(std::nullopt);
  writer.nullable_string("");

  EXPECT_EQ(to_hex(bytes), "0001");
  Reader reader{bytes};
  EXPECT_EQ(reader.nullable_string(), std::nullopt);
  EXPECT_EQ(reader.nullable_string(), "");
}

TEST(Codec, AnOldTextHasALengthOfTwoBytes) {
  ByteBuffer bytes;
  Writer{bytes}.old_string("ab");

  EXPECT_EQ(to_hex(bytes), "00026162");
  EXPECT_EQ(Reader{bytes}.old_nullable_string(), "ab");
  EXPECT_EQ(Reader{from_hex("ffff")}.old_nullable_string(), std::nullopt);
  EXPECT_THROW(Reader{from_hex("fffe")}.old_nullable_string(), DecodeError);
}

TEST(Codec, ANullableStructIsNullOrPresent) {
  EXPECT_FALSE(Reader{from_hex("ff")}.present());
  EXPECT_TRUE(Reader{from_hex("01")}.present());
  EXPECT_THROW(Reader{from_hex("02")}.present(), DecodeError);
}

TEST(Codec, AnErrorSaysWhereItHappened) {
  const ByteBuffer bytes = from_hex("0102");
  Reader reader{bytes};
  reader.int8();

  try {
    reader.int32();
    FAIL();
  } catch (const DecodeError& error) {
    EXPECT_STREQ(error.what(), "at byte 1 of 2: 4 bytes were expected, there are 1");
  }
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
