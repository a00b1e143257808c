#include "moldau/serde/avro.h"

#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau {
namespace {

using shelf::Order;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(GenericAvro, HasTheSchemaARecordWasWrittenWith) {
  const auto registry = make_memory_schema_registry();
  const ByteBuffer bytes = written_by(avro_serde<Order>(registry, orders()), Order{"tea", 2, "x"});

  const GenericAvro read = read_by(avro_serde<GenericAvro>(registry, orders()), bytes.bytes());

  EXPECT_EQ(read.schema, avro_schema<Order>());
  EXPECT_EQ(read.value,
            AvroValue::record("shop.Order", {{"item", "tea"}, {"count", 2}, {"note", "x"}}));
}

TEST(GenericAvro, IsWrittenWithItsOwnSchema) {
  const auto registry = make_memory_schema_registry();
  const auto serde = avro_serde<GenericAvro>(registry, orders());
  const ByteBuffer order = written_by(avro_serde<Order>(registry, orders()), Order{"tea", 2, {}});
  const GenericAvro text{AvroSchema::parse(R"("string")"), "tea"};

  const GenericAvro read = read_by(serde, order.bytes());

  EXPECT_EQ(written_by(serde, read), order);
  EXPECT_EQ(read_by(serde, written_by(serde, text).bytes(), read), text);
}

TEST(GenericAvro, NeedsASchemaToBeWritten) {
  const auto serde = avro_serde<GenericAvro>(make_memory_schema_registry(), orders());

  EXPECT_THAT(failure_of<SerdeError>([&] { static_cast<void>(written_by(serde, GenericAvro{})); }),
              HasSubstr("without a schema"));
}

TEST(AvroValueSerde, ReadsEverythingAsItsSchema) {
  const auto registry = make_memory_schema_registry();
  const ByteBuffer bytes = written_by(avro_serde<Order>(registry, orders()), Order{"tea", 2, "x"});
  const AvroSchema counts = AvroSchema::parse(
      R"({"type":"record","name":"shop.Order","fields":[{"name":"count","type":"double"}]})");

  EXPECT_EQ(read_by(avro_serde<AvroValue>(registry, counts, orders()), bytes.bytes()),
            AvroValue::record("shop.Order", {{"count", 2.0}}));
}

TEST(AvroValueSerde, RefusesAValueOfAnotherType) {
  const auto serde =
      avro_serde<AvroValue>(make_memory_schema_registry(), avro_schema<Order>(), orders());

  EXPECT_THAT(failure_of<SerdeError>([&] { static_cast<void>(written_by(serde, AvroValue{5})); }),
              AllOf(HasSubstr("record shop.Order"), HasSubstr("int")));
  EXPECT_THAT(failure_of<SerdeError>([&] {
                static_cast<void>(written_by(serde, AvroValue::record("Order", {{"item", "x"}})));
              }),
              HasSubstr("\"count\""));
}

TEST(AvroValueSerde, HasNoSchemaOfItsOwn) {
  EXPECT_THAT(failure_of<SerdeError>([] {
                static_cast<void>(avro_serde<AvroValue>(make_memory_schema_registry(), orders()));
              }),
              HasSubstr("give avro_serde() the schema"));
}

TEST(AvroSerde, SaysWhenAnIdIsNoAvro) {
  const auto registry = make_memory_schema_registry();
  const SchemaId id = registry->add("s", {SchemaType::protobuf, "syntax = \"proto3\";"}, {});
  ByteBuffer record{Bytes{std::string_view{"\0\0\0\0\1", 5}}};

  EXPECT_EQ(id, SchemaId{1});
  EXPECT_THAT(failure_of<SerdeError>([&] {
                static_cast<void>(read_by(avro_serde<Order>(registry, orders()), record.bytes()));
              }),
              AllOf(HasSubstr("schema id 1"), HasSubstr("PROTOBUF")));
}

TEST(AvroSerde, NeedsARegistry) {
  EXPECT_THAT(
      failure_of<SerdeError>([] { static_cast<void>(avro_serde<Order>(nullptr, orders())); }),
      HasSubstr("registry"));
}

}  // namespace
}  // namespace moldau
