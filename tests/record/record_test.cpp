#include "moldau/record/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class RecordView : public testing::Test {
 protected:
  const std::string key_ = "key";
  const std::int64_t value_ = 7;
  const Headers headers_{{"trace", ByteBuffer{Bytes{std::string_view{"1"}}}}};
  const Record<std::string, std::int64_t> record_{&key_, &value_, Timestamp{5ms}, headers_};
};

TEST_F(RecordView, RefersToItsParts) {
  EXPECT_EQ(&record_.key(), &key_);
  EXPECT_EQ(&record_.value(), &value_);
  EXPECT_EQ(record_.timestamp(), Timestamp{5ms});
  EXPECT_EQ(&record_.headers(), &headers_);
}

TEST_F(RecordView, ReplacesOnePartAndSharesTheOthers) {
  const double other = 1.5;
  const Record<std::string, double> changed = record_.with_value(other);

  EXPECT_EQ(&changed.value(), &other);
  EXPECT_EQ(&changed.key(), &key_);
  EXPECT_EQ(changed.timestamp(), Timestamp{5ms});
  EXPECT_EQ(&changed.headers(), &headers_);
  EXPECT_EQ(&record_.with_key(other).key(), &other);
  EXPECT_EQ(record_.with_timestamp(Timestamp{9ms}).timestamp(), Timestamp{9ms});
  EXPECT_EQ(&record_.with_headers(no_headers()).headers(), &no_headers());
  EXPECT_EQ(record_.with_value_or_null<double>(nullptr).value_or_null(), nullptr);
}

TEST_F(RecordView, HasNoNegativeTimestamp) {
  EXPECT_THROW(static_cast<void>(record_.with_timestamp(Timestamp::unknown())), Error);
}

TEST(RecordViewOfNulls, ThrowsWhereAReferenceWasAskedFor) {
  const Record<std::string, std::int64_t> record{nullptr, nullptr, Timestamp{}, no_headers()};

  EXPECT_EQ(record.key_or_null(), nullptr);
  EXPECT_EQ(record.value_or_null(), nullptr);
  EXPECT_THROW(static_cast<void>(record.key()), NullAccess);
  EXPECT_THROW(static_cast<void>(record.value()), NullAccess);
}

TEST(RecordViewOfNulls, SaysHowToSeeThem) {
  try {
    detail::throw_null_value();
  } catch (const NullAccess& error) {
    EXPECT_THAT(error.what(), HasSubstr("const V*"));
  }
}

}  // namespace
}  // namespace moldau
