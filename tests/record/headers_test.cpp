#include "moldau/record/headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace moldau {
namespace {

using testing::ElementsAre;

std::vector<std::string> keys(const Headers& headers) {
  std::vector<std::string> keys;
  for (const Header& header : headers) keys.push_back(header.key);
  return keys;
}

TEST(Headers, KeepOrderAndRepeatedKeys) {
  Headers headers;
  headers.add("b", "1");
  headers.add("a", "2");
  headers.add("b", "3");

  EXPECT_THAT(keys(headers), ElementsAre("b", "a", "b"));
  EXPECT_EQ(headers.size(), 3U);
  ASSERT_NE(headers.last("b"), nullptr);
  EXPECT_EQ(headers.last("b")->value->bytes().text(), "3");
  EXPECT_EQ(headers.last("c"), nullptr);
}

TEST(Headers, TellANullValueFromAnEmptyOne) {
  Headers headers;
  headers.add("null", std::nullopt);
  headers.add("empty", "");

  EXPECT_EQ(headers.last("null")->value, std::nullopt);
  EXPECT_EQ(headers.last("empty")->value, ByteBuffer{});
  EXPECT_NE((Headers{{"a", std::nullopt}}), (Headers{{"a", ByteBuffer{}}}));
}

TEST(Headers, LoseEveryHeaderOfAKey) {
  Headers headers;
  headers.add("b", "1");
  headers.add("a", "2");
  headers.add("b", "3");

  headers.remove("b");
  headers.remove("c");

  EXPECT_THAT(keys(headers), ElementsAre("a"));
}

TEST(Headers, AreEqualByContentsAndOrder) {
  Headers headers;
  headers.add("a", "1");
  Headers same = headers;
  Headers more = headers;
  more.add("a", "1");

  EXPECT_EQ(headers, same);
  EXPECT_NE(headers, more);
  same.clear();
  EXPECT_TRUE(same.empty());
  EXPECT_EQ(same, no_headers());
}

}  // namespace
}  // namespace moldau
