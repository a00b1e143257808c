#include "moldau/serde/list.h"

#include "moldau/serde/builtin.h"

#include "serde/serde_bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace moldau {
namespace {

using Integers = std::vector<std::int32_t>;
using OptionalIntegers = std::vector<std::optional<std::int32_t>>;
using Strings = std::vector<std::string>;
using OptionalStrings = std::vector<std::optional<std::string>>;

TEST(ListSerde, WritesElementsOfOneSizeWithoutLengths) {
  EXPECT_EQ(written_hex(Integers{1, 2, 3}), "000000000000000003000000010000000200000003");
  EXPECT_EQ(written_hex(std::vector<std::int16_t>{-1}), "000000000000000001ffff");
  EXPECT_EQ(written_hex(std::vector<double>{}), "000000000000000000");
  EXPECT_EQ(written(std::vector<Uuid>{Uuid{}}).size(), 1U + 4 + 4 + 36);
}

TEST(ListSerde, WritesOtherElementsWithTheirLengths) {
  EXPECT_EQ(written_hex(Strings{"a", "bcd"}),
            "010000000200000001610000000362"
            "6364");
  EXPECT_EQ(written_hex(std::vector<bool>{true, false}),
            "010000000200000001"
            "01"
            "0000000100");
  EXPECT_EQ(written_hex(std::vector<Integers>{{}}), "010000000100000009000000000000000000");
}

TEST(ListSerde, KeepsThePositionsOfNullsInFrontOfElementsOfOneSize) {
  const OptionalIntegers list{1, std::nullopt, 3};

  EXPECT_EQ(written_hex(list), "000000000100000001000000030000000100000003");
  EXPECT_EQ(read_from<OptionalIntegers>(written(list)), list);
  EXPECT_EQ(read_hex<OptionalIntegers>("00000000020000000000000001"
                                       "00000002"),
            (OptionalIntegers{std::nullopt, std::nullopt}));
}

TEST(ListSerde, MarksOtherNullElementsByTheirLength) {
  const OptionalStrings list{"a", std::nullopt};

  EXPECT_EQ(written_hex(list), "01000000020000000161ffffffff");
  EXPECT_EQ(read_from<OptionalStrings>(written(list)), list);
}

TEST(ListSerde, TellsAnEmptyElementFromANullOne) {
  const OptionalStrings list{"", std::nullopt, ""};

  EXPECT_EQ(read_from<OptionalStrings>(written(list)), list);
}

TEST(ListSerde, ReadsALastElementWithoutBytes) {
  EXPECT_EQ(read_hex<Strings>("010000000300000001610000000362636400000000"),
            (Strings{"a", "bcd", ""}));
}

TEST(ListSerde, ReadsLengthsInFrontOfElementsOfOneSize) {
  EXPECT_EQ(read_hex<Integers>("01000000010000000400000007"), Integers{7});
}

TEST(ListSerde, OverwritesTheOldList) {
  EXPECT_EQ(read_from<Strings>(written(Strings{"x"}), {"old", "older", "oldest"}), Strings{"x"});
}

TEST(ListSerde, HoldsListsAndTypesThatAreAlwaysNull) {
  const std::vector<std::vector<bool>> nested{{true}, {}, {false, true}};
  const std::vector<std::optional<Strings>> optional_lists{Strings{"a"}, std::nullopt, Strings{}};

  EXPECT_EQ(read_from<std::vector<std::vector<bool>>>(written(nested)), nested);
  EXPECT_EQ(read_from<std::vector<std::optional<Strings>>>(written(optional_lists)),
            optional_lists);
  EXPECT_EQ(written_hex(std::vector<Void>(2)), "0100000002ffffffffffffffff");
  EXPECT_EQ(read_hex<std::vector<Void>>("0100000001ffffffff").size(), 1U);
}

TEST(ListSerde, RefusesEveryTruncation) {
  expect_truncations_fail(Integers{1, 2, 3});
  expect_truncations_fail(OptionalIntegers{1, std::nullopt, 3});
  expect_truncations_fail(Strings{"a", "bcd", ""});
  expect_truncations_fail(OptionalStrings{"a", std::nullopt});
  expect_truncations_fail(std::vector<Strings>{{"a"}, {"b", ""}});
  expect_truncations_fail(Strings{});
}

TEST(ListSerde, RefusesANullElementOfATypeWithoutNull) {
  EXPECT_EQ(read_failure<Strings>("01000000020000000161ffffffff"),
            "list: element 1 is null; read the list as std::vector<std::optional<T>>");
  EXPECT_EQ(read_failure<Integers>("00000000010000000000000001"),
            "list: element 0 is null; read the list as std::vector<std::optional<T>>");
}

TEST(ListSerde, RefusesCountsThatTheBytesCannotHoldBeforeItAllocates) {
  EXPECT_EQ(read_failure<Strings>("017fffffff00000000"),
            "list: number of elements is 2147483647, more than the 4 bytes that follow can hold");
  EXPECT_EQ(read_failure<Integers>("007fffffff00000000"),
            "list: number of nulls is 2147483647, more than the 4 bytes that follow can hold");
  EXPECT_EQ(read_failure<Integers>("00000000007fffffff00000001"),
            "list: expected 2147483647 elements of 4 bytes, 0 of them null, found 4 bytes of "
            "elements");
  EXPECT_EQ(read_failure<Strings>("01000000017fffffff61"),
            "list: expected 2147483647 bytes more, found 1");
}

TEST(ListSerde, RefusesNegativeCounts) {
  EXPECT_EQ(read_failure<Strings>("01ffffffff"), "list: number of elements is -1");
  EXPECT_EQ(read_failure<Integers>("0080000000"), "list: number of nulls is -2147483648");
  EXPECT_EQ(read_failure<Integers>("0000000000ffffffff"), "list: number of elements is -1");
  EXPECT_EQ(read_failure<OptionalStrings>("0100000001fffffffe"), "list: size of element 0 is -2");
}

TEST(ListSerde, RefusesPositionsOfNullsThatAreNotInTheListOrNotInOrder) {
  EXPECT_NE(read_failure<OptionalIntegers>("000000000100000005000000020000000a"), "nothing thrown");
  EXPECT_NE(read_failure<OptionalIntegers>("0000000002000000010000000000000003"
                                           "0000000a"),
            "nothing thrown");
  EXPECT_NE(read_failure<OptionalIntegers>("0000000001ffffffff00000001"), "nothing thrown");
}

TEST(ListSerde, RefusesBytesAfterTheEnd) {
  EXPECT_EQ(read_failure<Strings>("010000000000"),
            "list: expected the end after 0 elements, found 1 bytes more");
  EXPECT_EQ(read_failure<Integers>("00000000000000000000"),
            "list: expected 0 elements of 4 bytes, 0 of them null, found 1 bytes of elements");
}

TEST(ListSerde, RefusesAnUnknownLayout) {
  EXPECT_EQ(read_failure<Strings>("02"), "list: expected a first byte of 0 or 1, found 2");
  EXPECT_EQ(
      read_failure<Strings>("000000000000000000"),
      "list: written with elements of one constant size, read with elements of variable size");
  EXPECT_EQ(read_failure<Strings>(""), "list: expected 1 bytes more, found 0");
}

}  // namespace
}  // namespace moldau
