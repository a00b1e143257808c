#include "moldau/serde/json.h"

#include "serde/serde_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace shop {

struct Order {
  std::string item;
  int count = 0;
  std::optional<std::string> note;  // left out of the text when there is none

  friend bool operator==(const Order&, const Order&) = default;
};

void to_json(nlohmann::json& json, const Order& order) {
  json = {{"item", order.item}, {"count", order.count}};
  if (order.note) json["note"] = *order.note;
}

void from_json(const nlohmann::json& json, Order& order) {
  json.at("item").get_to(order.item);
  json.at("count").get_to(order.count);
  if (json.contains("note")) order.note = json["note"].get<std::string>();
}

struct NotOptedIn {
  int n = 0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(NotOptedIn, n)
};

}  // namespace shop

template <>
struct moldau::Serde<shop::Order> : moldau::JsonSerde<shop::Order> {};

namespace moldau {
namespace {

using shop::Order;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

static_assert(Serializable<nlohmann::json>);
static_assert(Serializable<Order>);
static_assert(!Serializable<shop::NotOptedIn>);

std::string text_of(const ByteBuffer& buffer) { return std::string{buffer.bytes().text()}; }

template <class T>
std::string failure_of_text(const std::string& text) {
  return read_failure<T>(to_hex(Bytes{std::string_view{text}}));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonSerde, WritesCompactText) {
  const nlohmann::json value = {{"b", {1, 2.5, nullptr}}, {"a", "h\u00e9"}};

  EXPECT_EQ(text_of(written(value)), "{\"a\":\"h\u00e9\",\"b\":[1,2.5,null]}");
}

TEST(JsonSerde, ReadsAnyJson) {
  const std::string_view text = " {\"a\" : [1, true, null]} ";

  EXPECT_EQ(read_from<nlohmann::json>(Bytes{text}),
            (nlohmann::json{{"a", nlohmann::json::array({1, true, nullptr})}}));
  EXPECT_TRUE(read_from<nlohmann::json>(Bytes{std::string_view{"null"}}).is_null());
}

TEST(JsonSerde, ConvertsATypeThatOptedIn) {
  const Order order{"tea", 2, "green"};

  EXPECT_EQ(text_of(written(order)), R"({"count":2,"item":"tea","note":"green"})");
  EXPECT_EQ(read_from<Order>(written(order)), order);
}

TEST(JsonSerde, LeavesNothingOfTheOldValue) {
  const Order old{"tea", 2, "green"};

  EXPECT_EQ(read_from<Order>(Bytes{std::string_view{R"({"count":1,"item":"salt"})"}}, old),
            (Order{"salt", 1, std::nullopt}));
}

TEST(JsonSerde, SaysWhereTheTextIsNotJsonWithoutShowingIt) {
  EXPECT_EQ(failure_of_text<nlohmann::json>(R"({"secret":x)"),
            "JSON: expected valid JSON, found an error at byte 11 of 11");
  EXPECT_EQ(failure_of_text<nlohmann::json>(""),
            "JSON: expected valid JSON, found an error at byte 1 of 0");
  EXPECT_THAT(failure_of_text<nlohmann::json>("{} {}"), HasSubstr("JSON"));
  EXPECT_THAT(failure_of_text<nlohmann::json>("\"\xff\""), HasSubstr("JSON"));
}

TEST(JsonSerde, RefusesANumberThatNoDoubleHoldsWithoutShowingIt) {
  EXPECT_THAT(failure_of_text<nlohmann::json>("[1e999]"),
              AllOf(HasSubstr("beyond its range"), Not(HasSubstr("1e999"))));
  EXPECT_EQ(read_from<nlohmann::json>(Bytes{std::string_view{"1e-999"}}), nlohmann::json(0.0));
}

TEST(JsonSerde, RefusesEveryTruncationOfAnObject) {
  expect_truncations_fail(Order{"tea", 2, "green"});
  expect_truncations_fail(nlohmann::json{{"a", {1, "\u00e9\\\""}}});
}

TEST(JsonSerde, SaysWhatTheTypeMisses) {
  EXPECT_THAT(failure_of_text<Order>(R"({"item":"private"})"), HasSubstr("'count'"));
  EXPECT_THAT(failure_of_text<Order>(R"({"item":"private"})"), Not(HasSubstr("private")));
  EXPECT_THAT(failure_of_text<Order>(R"({"item":1,"count":1})"), HasSubstr("must be string"));
}

TEST(JsonSerde, ReadsANestingOf128AndRefuses129) {
  EXPECT_NO_THROW(read_from<nlohmann::json>(Bytes{std::string_view{nested(128)}}));
  EXPECT_EQ(failure_of_text<nlohmann::json>(nested(129)),
            "JSON: expected a nesting of at most 128, found 129");
  EXPECT_EQ(failure_of_text<nlohmann::json>(std::string(1'000'000, '[')),
            "JSON: expected a nesting of at most 128, found 1000000");
}

TEST(JsonSerde, DoesNotTakeBracketsInStringsForNesting) {
  const std::string text = R"(["\")" + std::string(200, '[') + R"(\\", 1])";

  EXPECT_EQ(read_from<nlohmann::json>(Bytes{std::string_view{text}}).size(), 2U);
}

TEST(JsonSerde, FindsTheDepthBehindTextThatIsNoJson) {
  EXPECT_THAT(failure_of_text<nlohmann::json>("]]]" + nested(129)), HasSubstr("found 129"));
}

TEST(JsonSerde, RefusesMoreThan16Mebibytes) {
  const std::string text = "\"" + std::string(16U * 1024 * 1024, 'x') + "\"";

  EXPECT_EQ(failure_of_text<nlohmann::json>(text),
            "JSON: expected at most 16777216 bytes, found 16777218");
}

TEST(JsonSerde, WritesNothingThatItWouldNotRead) {
  nlohmann::json deep;
  for (int i = 0; i < 129; ++i) deep = nlohmann::json::array({std::move(deep)});
  ByteBuffer out;

  EXPECT_THROW(Serde<nlohmann::json>::serialize(deep, out), SerdeError);
  EXPECT_THROW(Serde<nlohmann::json>::serialize("\xff", out), SerdeError);
  EXPECT_TRUE(out.empty());
}

TEST(JsonSerdeInstance, HasLimitsOfItsOwnAndNeedsNoOptIn) {
  const AnySerde<shop::NotOptedIn> serde = json_serde<shop::NotOptedIn>({.max_bytes = 8});
  ByteBuffer out;
  shop::NotOptedIn value;

  EXPECT_TRUE(serde.serialize({.n = 12}, out));
  serde.deserialize(out.bytes(), value);

  EXPECT_EQ(value.n, 12);
  EXPECT_THROW(serde.serialize({.n = 123}, out), SerdeError);
  EXPECT_THROW(serde.deserialize(Bytes{std::string_view{R"({"n":123})"}}, value), SerdeError);
}

}  // namespace
}  // namespace moldau
