// What C++ types make of records that were written with other schemas.

#include "moldau/serde/avro.h"

#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shelf {

// The next version of Order: a field renamed, one widened, three new, one gone.
struct OrderV2 {
  std::string article;
  std::int64_t count = 0;
  double price = 0;
  std::vector<std::string> tags;
  std::optional<std::int32_t> floor;

  friend bool operator==(const OrderV2&, const OrderV2&) = default;
};

struct Demanding {
  std::string item;
  std::string town;
};

struct Item {
  std::string item;

  friend bool operator==(const Item&, const Item&) = default;
};

struct BadDefault {
  std::int32_t count = 0;
};

}  // namespace shelf

template <>
struct moldau::AvroRecord<shelf::OrderV2> {
  using Self = shelf::OrderV2;
  static constexpr std::string_view name = "shop.Order";
  static constexpr auto fields = std::tuple{
      avro_field<&Self::article>("article", {.alias = "item"}), avro_field<&Self::count>("count"),
      avro_field<&Self::price>("price", {.default_json = "1.5"}),
      avro_field<&Self::tags>("tags", {.default_json = R"(["new"])"}),
      avro_field<&Self::floor>("floor", {.default_json = "3"})};
};
template <>
struct moldau::AvroRecord<shelf::Demanding> {
  static constexpr std::string_view name = "shop.Order";
  static constexpr auto fields = std::tuple{avro_field<&shelf::Demanding::item>("item"),
                                            avro_field<&shelf::Demanding::town>("town")};
};
template <>
struct moldau::AvroRecord<shelf::Item> {
  static constexpr std::string_view name = "shop.Order";
  static constexpr auto fields = std::tuple{avro_field<&shelf::Item::item>("item")};
};
template <>
struct moldau::AvroRecord<shelf::BadDefault> {
  static constexpr std::string_view name = "shop.Bad";
  static constexpr auto fields =
      std::tuple{avro_field<&shelf::BadDefault::count>("count", {.default_json = R"("many")"})};
};

namespace moldau {
namespace {

using shelf::Colour;
using shelf::Order;
using shelf::OrderV2;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A value of type A is written, and read as B.
template <class B, class A>
B read_as(const A& value, AvroSchema written_as = avro_schema<A>()) {
  const auto registry = make_memory_schema_registry();
  const auto writer = avro_serde<A>(registry, std::move(written_as), orders());
  return read_by(avro_serde<B>(registry, orders()), written_by(writer, value).bytes());
}

AvroSchema colours(const std::string& symbols) {
  return AvroSchema::parse(R"({"type":"enum","name":"shop.Colour","symbols":[)" + symbols + "]}");
}

TEST(AvroEvolution, NewFieldsTakeTheirDefaultsAndRenamedOnesTheirAliases) {
  EXPECT_EQ(read_as<OrderV2>(Order{"tea", 2, "green"}), (OrderV2{"tea", 2, 1.5, {"new"}, 3}));
}

TEST(AvroEvolution, ADefaultThatIsNoNullComesFirstInItsUnion) {
  EXPECT_THAT(avro_schema<OrderV2>().text(),
              HasSubstr(R"({"name":"floor","type":["int","null"],"default":3})"));
}

TEST(AvroEvolution, ANewFieldWithoutADefaultCannotBeRead) {
  EXPECT_THAT(failure_of<SerdeError>([] { static_cast<void>(read_as<shelf::Demanding>(Order{})); }),
              AllOf(HasSubstr("schema id 1"), HasSubstr("shop.Order"), HasSubstr("\"town\""),
                    HasSubstr("default")));
}

TEST(AvroEvolution, SymbolsAreFoundByNameAndUnknownOnesFallBack) {
  const AvroSchema others = colours(R"("GREEN","BLUE","RED")");

  EXPECT_EQ(read_as<Colour>(AvroValue::symbol("BLUE"), others), Colour::blue);
  EXPECT_EQ(read_as<Colour>(AvroValue::symbol("GREEN"), others), Colour::unknown);
}

TEST(AvroEvolution, ASymbolThatTheSchemaLacksIsRefused) {
  const auto serde =
      avro_serde<Colour>(make_memory_schema_registry(), colours(R"("RED","UNKNOWN")"), orders());

  EXPECT_THAT(failure_of<SerdeError>([&] { static_cast<void>(written_by(serde, Colour::blue)); }),
              AllOf(HasSubstr("shop.Colour"), HasSubstr("BLUE")));
}

TEST(AvroEvolution, MicrosecondsAreReadAndWrittenAsTimes) {
  const AvroSchema micros =
      AvroSchema::parse(R"({"type":"long","logicalType":"timestamp-micros"})");

  EXPECT_EQ(read_as<Timestamp>(std::int64_t{1'234'567}, micros), Timestamp{1234});
  EXPECT_EQ(read_as<Timestamp>(std::int64_t{-1}, micros), Timestamp{-1});
  EXPECT_EQ(read_as<std::int64_t>(Timestamp{5}, micros), 5000);
}

TEST(AvroEvolution, ATypeMayBeAPartOfItsSchema) {
  const auto registry = make_memory_schema_registry();
  const auto items = avro_serde<shelf::Item>(registry, avro_schema<Order>(), orders());
  const ByteBuffer order = written_by(avro_serde<Order>(registry, orders()), Order{"tea", 2, "x"});

  EXPECT_EQ(read_by(items, order.bytes()), shelf::Item{"tea"});
  // "count" has no default, so such a type can only read.
  EXPECT_THAT(failure_of<SerdeError>([&] { static_cast<void>(written_by(items, {"tea"})); }),
              AllOf(HasSubstr("\"count\""), HasSubstr("topic \"orders\"")));
}

TEST(AvroEvolution, FieldsThatTheTypeDoesNotHaveAreWrittenAsDefaults) {
  const auto registry = make_memory_schema_registry();
  const AvroSchema schema = AvroSchema::parse(
      R"({"type":"record","name":"shop.Order","fields":[{"name":"item","type":"string"},)"
      R"({"name":"town","type":"string","default":"Prague"}]})");

  const ByteBuffer bytes =
      written_by(avro_serde<shelf::Item>(registry, schema, orders()), shelf::Item{"tea"});

  EXPECT_EQ(read_by(avro_serde<AvroValue>(registry, schema, orders()), bytes.bytes()),
            AvroValue::record("shop.Order", {{"item", "tea"}, {"town", "Prague"}}));
}

TEST(AvroEvolution, ATypeThatDoesNotFitItsSchemaIsRefusedAtOnce) {
  const AvroSchema schema = AvroSchema::parse(
      R"({"type":"record","name":"shop.Order","fields":[{"name":"item","type":"long"}]})");

  EXPECT_THAT(
      failure_of<SerdeError>([&] {
        static_cast<void>(avro_serde<shelf::Item>(make_memory_schema_registry(), schema, orders()));
      }),
      AllOf(HasSubstr("\"item\""), HasSubstr("long"), HasSubstr("std::string"),
            HasSubstr("topic \"orders\"")));
}

TEST(AvroEvolution, ATypeMustHoldAllValuesOfItsSchema) {
  const auto failure = [](const std::string& type) {
    const AvroSchema schema = AvroSchema::parse(
        R"({"type":"record","name":"shop.Order","fields":[{"name":"item","type":)" + type + "}]}");
    return failure_of<SerdeError>([&] {
      static_cast<void>(avro_serde<shelf::Item>(make_memory_schema_registry(), schema, orders()));
    });
  };

  EXPECT_THAT(failure(R"(["null","string"])"),
              AllOf(HasSubstr("\"item\""), HasSubstr("null"), HasSubstr("std::string")));
  EXPECT_EQ(failure(R"(["string"])"), "nothing thrown");
}

TEST(AvroEvolution, AnElementThatDoesNotFitIsRefusedAtOnce) {
  EXPECT_THAT(failure_of<SerdeError>([] {
                static_cast<void>(avro_serde<std::vector<std::string>>(
                    make_memory_schema_registry(),
                    AvroSchema::parse(R"({"type":"array","items":"long"})"), orders()));
              }),
              AllOf(HasSubstr("long"), HasSubstr("std::string")));
}

TEST(AvroEvolution, ADefaultThatIsNoValueOfTheFieldIsRefusedAtOnce) {
  EXPECT_THAT(failure_of<SerdeError>([] { static_cast<void>(avro_schema<shelf::BadDefault>()); }),
              AllOf(HasSubstr("shop.Bad"), HasSubstr("\"count\""), HasSubstr("default")));
}

TEST(AvroEvolution, SchemasWithUnusableDefaultsCanBeReadWhereTheDefaultIsNotNeeded) {
  const AvroSchema odd = AvroSchema::parse(R"({"type":"record","name":"shop.Order","fields":[)"
                                           R"({"name":"item","type":"string","default":7}]})");

  EXPECT_EQ(read_as<shelf::Item>(shelf::Item{"tea"}, odd), shelf::Item{"tea"});
}

TEST(AvroEvolution, ASchemaMayUseTypesOfAnother) {
  const auto registry = make_memory_schema_registry();
  const AvroSchema address = avro_schema<shelf::Address>();
  static_cast<void>(registry->add("address", {SchemaType::avro, address.text()}, {}));
  const AvroSchema parcel = AvroSchema::parse(
      R"({"type":"record","name":"shop.Parcel","fields":[{"name":"to","type":"shop.Address"}]})",
      {{address, {"shop.Address", "address", SchemaVersion{1}}}});
  const AvroValue value = AvroValue::record(
      "shop.Parcel", {{"to", AvroValue::record("shop.Address", {{"street", "x"}, {"number", 1}})}});

  const ByteBuffer bytes = written_by(avro_serde<AvroValue>(registry, parcel, orders()), value);
  const GenericAvro read = read_by(avro_serde<GenericAvro>(registry, orders()), bytes.bytes());

  EXPECT_EQ(read.value, value);
  EXPECT_EQ(registry->schema(SchemaId{2})->references.size(), 1U);
  // Written again, it is still the same schema, reference and all.
  EXPECT_EQ(written_by(avro_serde<GenericAvro>(registry, orders()), read), bytes);
}

}  // namespace
}  // namespace moldau
