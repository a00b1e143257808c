#include "store_fixture.h"

#include <gtest/gtest.h>

namespace moldau::state {
namespace {

TEST(ByteRange, HoldsBothEndsUnlessToldOtherwise) {
  EXPECT_TRUE(between("b", "d").contains(bytes("b")));
  EXPECT_TRUE(between("b", "d").contains(bytes("d")));
  EXPECT_FALSE(between("b", "d", true).contains(bytes("d")));
  EXPECT_FALSE(between("b", "d").contains(bytes("a")));
  EXPECT_FALSE(between("b", "d").contains(bytes("da")));
}

TEST(ByteRange, WithoutEndsHoldsEverything) {
  EXPECT_TRUE(ByteRange::all().contains(bytes("")));
  EXPECT_TRUE(ByteRange::all().contains(bytes("\xff\xff")));
}

TEST(ByteRange, OfAPrefixHoldsExactlyTheKeysThatStartWithIt) {
  const ByteRange range = ByteRange::with_prefix(bytes("ab"));

  EXPECT_TRUE(range.contains(bytes("ab")));
  EXPECT_TRUE(range.contains(bytes("ab\xff\xff")));
  EXPECT_FALSE(range.contains(bytes("ac")));
  EXPECT_FALSE(range.contains(bytes("aa\xff")));
  EXPECT_FALSE(range.contains(bytes("a")));
}

TEST(ByteRange, OfAPrefixThatEndsInTheLargestByteGoesUpToTheNextShorterOne) {
  const ByteRange range = ByteRange::with_prefix(bytes("a\xff"));

  EXPECT_TRUE(range.contains(bytes("a\xff\xff")));
  EXPECT_FALSE(range.contains(bytes("b")));
}

TEST(ByteRange, OfAPrefixOfLargestBytesOnlyHasNoEnd) {
  EXPECT_FALSE(ByteRange::with_prefix(bytes("\xff\xff")).to.has_value());
  EXPECT_TRUE(ByteRange::with_prefix(bytes("\xff\xff")).contains(bytes("\xff\xff\xff")));
  EXPECT_FALSE(ByteRange::with_prefix(bytes("\xff\xff")).contains(bytes("\xff")));
}

}  // namespace
}  // namespace moldau::state
