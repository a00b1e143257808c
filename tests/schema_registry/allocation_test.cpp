// A record with a known schema takes no memory but that of its strings.

#include "moldau/serde/avro.h"
#include "moldau/serde/protobuf.h"

#include "allocation/counting_new.h"
#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <gtest/gtest.h>

#include <shop/order.pb.h>

#include <string>

namespace moldau {
namespace {

constexpr int records = 100;

TEST(RegistrySerdes, ReadAndWriteAvroWithoutAllocating) {
  const auto serde = avro_serde<shelf::Everything>(make_memory_schema_registry(), orders());
  shelf::Everything value;
  value.text = "a text that is longer than what a string keeps in itself";
  value.back = shelf::Address{"a street that is longer than what a string keeps", 1};
  value.stops = {{"a", 1}, {"b", 2}};
  value.either = std::int64_t{7};
  shelf::Everything read;
  ByteBuffer bytes;
  serde->serialize(value, bytes);  // asks the registry
  serde->deserialize(bytes, read);
  bytes.clear();
  const std::int64_t before = allocations();

  for (int i = 0; i < records; ++i) {
    serde->serialize(value, bytes);
    serde->deserialize(bytes, read);
    bytes.clear();
  }

  EXPECT_EQ(allocations() - before, 0);
  EXPECT_EQ(read, value);
}

TEST(RegistrySerdes, ReadGenericAvroIntoTheMemoryOfTheValueBefore) {
  const auto registry = make_memory_schema_registry();
  ByteBuffer bytes;
  avro_serde<shelf::Order>(registry, orders())
      ->serialize({"a text that is longer than what a string keeps", 2, "note"}, bytes);
  const auto serde = avro_serde<GenericAvro>(registry, orders());
  GenericAvro read;
  serde->deserialize(bytes, read);
  const std::int64_t before = allocations();

  for (int i = 0; i < records; ++i) serde->deserialize(bytes, read);

  EXPECT_EQ(allocations() - before, 0);
}

TEST(RegistrySerdes, WriteProtobufWithoutAllocating) {
  const auto serde = protobuf_serde<shop::Order>(make_memory_schema_registry(), orders());
  shop::Order order;
  order.set_item("a text that is longer than what a string keeps in itself");
  order.mutable_to()->set_street("Main Street");
  ByteBuffer bytes;
  serde->serialize(order, bytes);
  bytes.clear();
  const std::int64_t before = allocations();

  // Reading is left out: Protobuf itself makes messages in messages anew.
  for (int i = 0; i < records; ++i) {
    serde->serialize(order, bytes);
    bytes.clear();
  }

  EXPECT_EQ(allocations() - before, 0);
}

}  // namespace
}  // namespace moldau
