#include "moldau/base/bytes.h"

#include "golden/hex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace moldau {
namespace {

using testing::ElementsAre;

Bytes text(std::string_view characters) { return Bytes{characters}; }

TEST(Bytes, AreOrderedAsUnsignedBytesShorterFirst) {
  std::map<ByteBuffer, int> sorted;
  for (const char* hex : {"ff", "80", "7f", "", "00", "0000", "7f00"}) sorted[from_hex(hex)] = 0;

  std::vector<std::string> order;
  for (const auto& [key, value] : sorted) order.push_back(to_hex(key));

  EXPECT_THAT(order, ElementsAre("", "00", "0000", "7f", "7f00", "80", "ff"));
}

TEST(Bytes, AreEqualByContents) {
  const ByteBuffer copy{text("abc")};

  EXPECT_EQ(text("abc"), copy.bytes());
  EXPECT_NE(text("abc"), text("abd"));
  EXPECT_NE(text("ab"), text("abc"));
  EXPECT_EQ(std::hash<Bytes>{}(text("abc")), std::hash<ByteBuffer>{}(copy));
}

TEST(Bytes, MayBeEmptyWithoutAnAddress) {
  EXPECT_TRUE((Bytes{nullptr, 0}).empty());
  EXPECT_EQ((Bytes{nullptr, 0}), text(""));
}

TEST(Bytes, AreCutIntoParts) {
  const Bytes bytes = text("abcde");

  EXPECT_EQ(bytes.first(2), text("ab"));
  EXPECT_EQ(bytes.last(2), text("de"));
  EXPECT_EQ(bytes.without_first(2), text("cde"));
  EXPECT_EQ(bytes.without_first(5), text(""));
  EXPECT_TRUE(bytes.starts_with(text("abc")));
  EXPECT_TRUE(bytes.starts_with(text("")));
  EXPECT_FALSE(bytes.starts_with(text("abcdef")));
}

TEST(ByteBuffer, KeepsItsMemoryWhenItIsFilledAgain) {
  ByteBuffer buffer{text("a text that is longer than the small form of a string")};
  const std::size_t capacity = buffer.capacity();
  const std::byte* const data = buffer.data();

  buffer.clear();
  buffer.append(text("again"));
  buffer.assign(text("and again"));

  EXPECT_EQ(buffer.capacity(), capacity);
  EXPECT_EQ(buffer.data(), data);
  EXPECT_EQ(buffer.bytes(), text("and again"));
}

TEST(ByteBuffer, GrowsByBytesAndByZeros) {
  ByteBuffer buffer;
  buffer.append(std::byte{0xff});
  buffer.append(text("a"));
  buffer.resize(4);

  EXPECT_EQ(to_hex(buffer), "ff610000");
}

TEST(ByteBuffer, MayBeAppendedToItself) {
  ByteBuffer buffer{text("0123456789abcdef")};

  buffer.append(buffer.bytes());

  EXPECT_EQ(buffer.bytes(), text("0123456789abcdef0123456789abcdef"));
}

TEST(ByteBuffer, GivesItsTextAwayAndIsEmpty) {
  ByteBuffer buffer{text("abc")};

  EXPECT_EQ(buffer.take_text(), "abc");
  EXPECT_TRUE(buffer.empty());
}

}  // namespace
}  // namespace moldau
