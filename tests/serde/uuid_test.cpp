#include "moldau/serde/uuid.h"

#include "serde/serde_bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace moldau {
namespace {

constexpr std::string_view sample = "01234567-89ab-cdef-0123-456789abcdef";

TEST(Uuid, IsTheSixteenBytesOfItsText) {
  const std::optional<Uuid> uuid = parse_uuid(sample);

  ASSERT_TRUE(uuid.has_value());
  EXPECT_EQ(to_hex(Bytes{uuid->bytes.data(), uuid->bytes.size()}),
            "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(to_string(*uuid), sample);
}

TEST(Uuid, IsReadInEitherCaseAndWrittenInLowerCase) {
  EXPECT_EQ(to_string(parse_uuid("ABCDEF00-0000-0000-0000-00000000000A").value()),
            "abcdef00-0000-0000-0000-00000000000a");
}

TEST(Uuid, IsNoOtherText) {
  EXPECT_EQ(parse_uuid(""), std::nullopt);
  EXPECT_EQ(parse_uuid("1-2-3-4-5"), std::nullopt);
  EXPECT_EQ(parse_uuid("0123456789abcdef0123456789abcdef"), std::nullopt);
  EXPECT_EQ(parse_uuid("01234567-89ab-cdef-0123-456789abcdeg"), std::nullopt);
  EXPECT_EQ(parse_uuid("01234567089ab-cdef-0123-456789abcdef"), std::nullopt);
  EXPECT_EQ(parse_uuid("01234567-89ab-cdef-0123-456789abcdef0"), std::nullopt);
  EXPECT_EQ(parse_uuid("-1234567-89ab-cdef-0123-456789abcdef"), std::nullopt);
}

TEST(Uuid, IsOrderedAndHashedByItsBytes) {
  const Uuid low = parse_uuid("00000000-0000-0000-0000-000000000001").value();
  const Uuid high = parse_uuid("ff000000-0000-0000-0000-000000000000").value();

  EXPECT_LT(low, high);
  EXPECT_EQ((std::unordered_set<Uuid>{low, high, low}).size(), 2U);
}

TEST(UuidSerde, WritesAndReadsTheText) {
  const Uuid uuid = parse_uuid(sample).value();

  EXPECT_EQ(written(uuid).bytes().text(), sample);
  EXPECT_EQ(read_from<Uuid>(Bytes{sample}), uuid);
}

TEST(UuidSerde, RefusesWhatIsNoUuid) {
  expect_truncations_fail(Uuid{});
  EXPECT_EQ(read_failure<Uuid>("00"), "Uuid: expected 36 bytes, found 1");
  EXPECT_EQ(
      read_failure<Uuid>(to_hex(Bytes{std::string_view{"01234567-89ab-cdef-0123_456789abcdef"}})),
      "Uuid: expected hexadecimal digits in groups of 8-4-4-4-12, found other characters");
}

}  // namespace
}  // namespace moldau
