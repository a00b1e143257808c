#include "schema_registry/wire_format.h"

#include "moldau/base/error.h"

#include "golden/hex.h"
#include "schema_registry/byte_reader.h"
#include "schema_registry/serde_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace moldau::schema_registry {
namespace {

using ::testing::HasSubstr;

std::string path_hex(const std::vector<int>& path) { return to_hex(message_path_bytes(path)); }

TEST(WireFormat, AFrameIsAZeroByteAndTheIdBigEndian) {
  ByteBuffer out;

  write_frame(SchemaId{0x01020304}, out);

  EXPECT_EQ(to_hex(out), "0001020304");
}

TEST(WireFormat, AFrameIsFollowedByThePayload) {
  const ByteBuffer bytes = from_hex("0000000007aabb");

  const Framed framed = read_frame(bytes.bytes());

  EXPECT_EQ(framed.id, SchemaId{7});
  EXPECT_EQ(to_hex(framed.payload), "aabb");
}

TEST(WireFormat, OtherBytesAreNoFrame) {
  EXPECT_THAT(failure_of<SerdeError>([] { static_cast<void>(read_frame(from_hex("00000000"))); }),
              HasSubstr("found 4 bytes"));
  EXPECT_THAT(failure_of<SerdeError>([] { static_cast<void>(read_frame(from_hex("0100000007"))); }),
              HasSubstr("found 1;"));
}

TEST(WireFormat, NumbersOfAllSizesComeBack) {
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63},
                                    std::int64_t{-64}, std::int64_t{64}, INT64_MAX, INT64_MIN}) {
    ByteBuffer out;
    write_varint(number, out);

    ByteReader reader{out, "test"};
    EXPECT_EQ(reader.varint(), number);
    EXPECT_TRUE(reader.rest().empty());
  }
}

TEST(WireFormat, TheFirstMessageOfAFileIsASingleZero) {
  EXPECT_EQ(path_hex({0}), "00");
  EXPECT_EQ(path_hex({1}), "0202");
  EXPECT_EQ(path_hex({0, 0}), "040000");
  EXPECT_EQ(path_hex({1, 0, 200}), "0602009003");
}

TEST(WireFormat, AMessagePathIsSkipped) {
  for (const std::vector<int>& path : {std::vector<int>{0}, {1}, {0, 0}, {1, 0, 200}}) {
    const ByteBuffer bytes = from_hex(path_hex(path) + "0a01");
    EXPECT_EQ(to_hex(skip_message_path(bytes.bytes())), "0a01");
  }
}

TEST(WireFormat, AMessagePathThatCannotBeIsRefused) {
  for (const char* hex : {"", "01", "04", "0402", "80808080808080808001", "02ff"}) {
    EXPECT_THROW(static_cast<void>(skip_message_path(from_hex(hex))), SerdeError) << hex;
  }
}

}  // namespace
}  // namespace moldau::schema_registry
