// Types made convertible by the library's own macros, as docs/serdes.md shows them.

#include "moldau/serde/json.h"
#include "moldau/serde/json_optional.h"

#include "serde/serde_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shop {

enum class Colour { unknown, red, blue };
NLOHMANN_JSON_SERIALIZE_ENUM(Colour, {{Colour::unknown, nullptr},
                                      {Colour::red, "red"},
                                      {Colour::blue, "blue"}})

struct Address {
  std::string street;
  std::optional<int> floor;
  friend bool operator==(const Address&, const Address&) = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Address, street, floor)

struct Parcel {
  Colour colour = Colour::unknown;
  Address to;
  std::optional<Address> back;
  std::vector<Address> on_the_way;
  std::map<std::string, int> weights;
  friend bool operator==(const Parcel&, const Parcel&) = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Parcel, colour, to, back, on_the_way, weights)

}  // namespace shop

template <>
struct moldau::Serde<shop::Address> : moldau::JsonSerde<shop::Address> {};
template <>
struct moldau::Serde<shop::Parcel> : moldau::JsonSerde<shop::Parcel> {};

namespace moldau {
namespace {

using shop::Address;
using shop::Colour;
using shop::Parcel;
using testing::HasSubstr;

template <class T>
T read_text(std::string_view text) {
  return read_from<T>(Bytes{text});
}

TEST(JsonTypes, EnumsNestedTypesOptionalsAndContainersComeBack) {
  const Parcel parcel{.colour = Colour::blue,
                      .to = {"Main Street", 3},
                      .back = Address{"Side Street", std::nullopt},
                      .on_the_way = {{"Station", 0}},
                      .weights = {{"box", 2}}};

  EXPECT_EQ(written(parcel).bytes().text(),
            R"({"back":{"floor":null,"street":"Side Street"},"colour":"blue",)"
            R"("on_the_way":[{"floor":0,"street":"Station"}],)"
            R"("to":{"floor":3,"street":"Main Street"},"weights":{"box":2}})");
  EXPECT_EQ(read_from<Parcel>(written(parcel)), parcel);
}

TEST(JsonTypes, MacrosWithDefaultReadWhatLacksFields) {
  Parcel red;
  red.colour = Colour::red;

  EXPECT_EQ(read_text<Parcel>(R"({"colour":"red"})"), red);
}

TEST(JsonTypes, MacrosWithoutDefaultWantAllFieldsOptionalOnesToo) {
  EXPECT_EQ(read_text<Address>(R"({"street":"x","floor":null})"), (Address{"x", std::nullopt}));
  try {
    static_cast<void>(read_text<Address>(R"({"street":"x"})"));
    FAIL() << "nothing thrown";
  } catch (const SerdeError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'floor'"));
  }
}

TEST(JsonTypes, AnUnknownEnumTextIsTheFirstValue) {
  EXPECT_EQ(read_text<Parcel>(R"({"colour":"green"})").colour, Colour::unknown);
}

}  // namespace
}  // namespace moldau
