#include "moldau/serde/raw_bytes.h"

#include "serde/serde_bytes.h"

#include <gtest/gtest.h>

#include <vector>

namespace moldau {
namespace {

TEST(BytesSerdes, ChangeNothing) {
  const ByteBuffer buffer = from_hex("0001ff80");
  const std::vector<std::byte> vector{std::byte{0}, std::byte{0xff}};

  EXPECT_EQ(written_hex(buffer), "0001ff80");
  EXPECT_EQ(read_hex<ByteBuffer>("0001ff80"), buffer);
  EXPECT_EQ(written_hex(vector), "00ff");
  EXPECT_EQ(read_hex<std::vector<std::byte>>("00ff"), vector);
}

TEST(BytesSerdes, ReadNoBytesAsEmptyAndOverwriteTheOldValue) {
  EXPECT_TRUE(read_from<ByteBuffer>(Bytes{}, from_hex("01")).empty());
  EXPECT_TRUE(read_from<std::vector<std::byte>>(Bytes{}, {std::byte{1}}).empty());
}

}  // namespace
}  // namespace moldau
