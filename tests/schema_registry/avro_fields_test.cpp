// C++ types as Avro types.

#include "moldau/serde/avro.h"

#include "golden/hex.h"
#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <unordered_map>

namespace moldau {
namespace {

using shelf::Address;
using shelf::Colour;
using shelf::Everything;
using shelf::Order;
using shelf::Tree;
using ::testing::AllOf;
using ::testing::HasSubstr;

Everything everything() {
  Everything all;
  all.yes = true;
  all.small = -7;
  all.large = INT64_MIN;
  all.rough = 1.5F;
  all.fine = -0.1;
  all.text = "h\u00e9";
  all.raw = ByteBuffer{Bytes{std::string_view{"\0\xff", 2}}};
  all.more = {std::byte{1}, std::byte{2}};
  all.mark = {std::byte{3}, std::byte{4}};
  all.at = Timestamp{1'700'000'000'123};
  all.id = parse_uuid("01234567-89ab-cdef-0123-456789abcdef").value();
  all.colour = Colour::blue;
  all.to = {"Main Street", 7};
  all.back = Address{"Side Street", 0};
  all.stops = {{"a", 1}, {"b", 2}};
  all.weights = {{"box", 3}, {"bag", -4}};
  all.either = Address{"c", 3};
  return all;
}

template <class T>
T there_and_back(const T& value) {
  const auto serde = avro_serde<T>(make_memory_schema_registry(), orders());
  return read_by(serde, written_by(serde, value).bytes());
}

TEST(AvroFields, AllKindsOfFieldsComeBack) {
  EXPECT_EQ(there_and_back(everything()), everything());
  EXPECT_EQ(there_and_back(Everything{}), Everything{});
}

TEST(AvroFields, EachAlternativeOfAVariantComesBack) {
  using Either = decltype(Everything::either);
  for (const Either& either : {Either{std::monostate{}}, Either{"text"}, Either{std::int64_t{5}},
                               Either{Address{"x", 1}}}) {
    Everything all;
    all.either = either;
    EXPECT_EQ(there_and_back(all), all);
  }
}

TEST(AvroFields, ATypeMayContainItself) {
  const Tree tree{1, {{2, {}}, {3, {{4, {}}}}}};

  EXPECT_EQ(there_and_back(tree), tree);
}

TEST(AvroFields, TypesOfTheLibraryNeedNoRecord) {
  EXPECT_EQ(there_and_back(std::string{"key"}), "key");
  EXPECT_EQ(there_and_back(std::int64_t{-5}), -5);
  EXPECT_EQ(there_and_back(std::optional<double>{0.5}), 0.5);
  EXPECT_EQ(there_and_back(std::vector<std::optional<std::int32_t>>{1, std::nullopt}),
            (std::vector<std::optional<std::int32_t>>{1, std::nullopt}));
  EXPECT_EQ(there_and_back(std::unordered_map<std::string, bool>{{"a", true}}),
            (std::unordered_map<std::string, bool>{{"a", true}}));
}

TEST(AvroFields, NothingOfTheOldValueIsLeft) {
  const auto serde = avro_serde<Everything>(make_memory_schema_registry(), orders());

  const ByteBuffer empty = written_by(serde, Everything{});

  EXPECT_EQ(read_by(serde, empty.bytes(), everything()), Everything{});
}

TEST(AvroFields, TheSchemaFollowsFromTheType) {
  EXPECT_EQ(avro_schema<Order>().text(),
            R"({"type":"record","name":"Order","namespace":"shop","fields":[)"
            R"({"name":"item","type":"string"},{"name":"count","type":"int"},)"
            R"({"name":"note","type":["null","string"],"default":null}]})");
  EXPECT_EQ(avro_schema<std::string>().text(), R"("string")");
  EXPECT_EQ(avro_schema<Tree>().text(),
            R"({"type":"record","name":"Tree","namespace":"shop","fields":[)"
            R"({"name":"value","type":"int"},)"
            R"({"name":"children","type":{"type":"array","items":"Tree"}}]})");
}

TEST(AvroFields, EachTypeIsDefinedWhereItIsMetFirst) {
  EXPECT_EQ(avro_schema<Everything>().text(),
            R"({"type":"record","name":"Everything","namespace":"shop.all","fields":[)"
            R"({"name":"yes","type":"boolean"},{"name":"small","type":"int"},)"
            R"({"name":"large","type":"long"},{"name":"rough","type":"float"},)"
            R"({"name":"fine","type":"double"},{"name":"text","type":"string"},)"
            R"({"name":"raw","type":"bytes"},{"name":"more","type":"bytes"},)"
            R"({"name":"mark","type":{"type":"fixed","name":"Fixed2","size":2}},)"
            R"({"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},)"
            R"({"name":"id","type":{"type":"string","logicalType":"uuid"}},)"
            R"({"name":"colour","type":{"type":"enum","name":"Colour","namespace":"shop",)"
            R"("symbols":["RED","BLUE","UNKNOWN"],"default":"UNKNOWN"}},)"
            R"({"name":"to","type":{"type":"record","name":"Address","namespace":"shop","fields":[)"
            R"({"name":"street","type":"string"},{"name":"number","type":"int"}]}},)"
            R"({"name":"back","type":["null","shop.Address"],"default":null},)"
            R"({"name":"stops","type":{"type":"array","items":"shop.Address"}},)"
            R"({"name":"weights","type":{"type":"map","values":"long"}},)"
            R"({"name":"either","type":["null","string","long","shop.Address"]}]})");
}

TEST(AvroFields, BytesThatAreTheWholeValueHaveNoLength) {
  const auto serde = avro_serde<ByteBuffer>(make_memory_schema_registry(), orders());
  const ByteBuffer bytes{Bytes{std::string_view{"abc"}}};

  EXPECT_EQ(to_hex(written_by(serde, bytes)), "0000000001616263");
  EXPECT_EQ(read_by(serde, from_hex("0000000001616263").bytes()), bytes);
}

TEST(AvroFields, AnEnumValueWithoutASymbolIsRefusedAndNothingIsWritten) {
  const auto serde = avro_serde<Colour>(make_memory_schema_registry(), orders());
  ByteBuffer out{Bytes{std::string_view{"before"}}};

  EXPECT_THAT(failure_of<SerdeError>([&] { serde->serialize(Colour{9}, out); }),
              AllOf(HasSubstr("enum shop.Colour"), HasSubstr("AvroEnum::symbols")));
  EXPECT_EQ(out.bytes().text(), "before");
}

TEST(AvroFields, AnUnusableUuidIsRefused) {
  const auto registry = make_memory_schema_registry();
  const auto texts = avro_serde<std::string>(registry, orders());
  const auto uuids = avro_serde<Uuid>(registry, orders());

  EXPECT_THAT(failure_of<SerdeError>([&] {
                static_cast<void>(read_by(uuids, written_by(texts, std::string{"no"}).bytes()));
              }),
              HasSubstr("uuid"));
}

}  // namespace
}  // namespace moldau
