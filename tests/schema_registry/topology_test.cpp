// Avro and Protobuf in a topology.

#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/avro.h"
#include "moldau/serde/builtin.h"
#include "moldau/serde/protobuf.h"
#include "moldau/testing/topology_test_driver.h"

#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shop/order.pb.h>

#include <string>

namespace moldau {
namespace {

using ::testing::ElementsAre;

TEST(RegistrySerdes, ReadAndWriteTheTopicsOfATopology) {
  const auto registry = make_memory_schema_registry();
  const auto order_serde = avro_serde<shelf::Order>(registry, {.topic = "orders"});
  const auto address_serde = protobuf_serde<shop::Address>(registry, {.topic = "addresses"});
  StreamsBuilder builder;
  builder.stream<std::string, shelf::Order>("orders", {.value_serde = order_serde})
      .filter([](const shelf::Order& order) { return order.count > 0; })
      .map_values([](const shelf::Order& order) {
        shop::Address address;
        address.set_street(order.item);
        address.set_number(order.count);
        return address;
      })
      .to("addresses", {.value_serde = address_serde});
  testing::TopologyTestDriver driver{builder.build(), {.application_id = "shop"}};
  auto in =
      driver.input_topic<std::string, shelf::Order>("orders", Timestamp{0}, {}, {}, order_serde);
  auto out = driver.output_topic<std::string, shop::Address>("addresses", {}, address_serde);

  in.pipe("a", shelf::Order{"tea", 2, {}});
  in.pipe("b", shelf::Order{"salt", 0, {}});

  const auto read = out.read_values();
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0]->street(), "tea");
  EXPECT_EQ(read[0]->number(), 2);
}

TEST(RegistrySerdes, KeepTheRowsOfATable) {
  const auto registry = make_memory_schema_registry();
  const auto order_serde = avro_serde<shelf::Order>(registry, {.topic = "orders"});
  StreamsBuilder builder;
  builder.stream<std::string, shelf::Order>("orders", {.value_serde = order_serde})
      .group_by_key()
      .reduce(
          [](const shelf::Order& sum, const shelf::Order& next) {
            return shelf::Order{sum.item + "+" + next.item, sum.count + next.count, {}};
          },
          {.name = "totals", .value_serde = order_serde})
      .to_stream()
      .to("totals", {.value_serde = order_serde});
  testing::TopologyTestDriver driver{builder.build(), {.application_id = "shop"}};
  auto in =
      driver.input_topic<std::string, shelf::Order>("orders", Timestamp{0}, {}, {}, order_serde);
  auto out = driver.output_topic<std::string, shelf::Order>("totals", {}, order_serde);

  in.pipe("a", shelf::Order{"tea", 2, {}});
  in.pipe("a", shelf::Order{"salt", 3, {}});

  EXPECT_THAT(out.read_values(),
              ElementsAre(shelf::Order{"tea", 2, {}}, shelf::Order{"tea+salt", 5, {}}));
}

}  // namespace
}  // namespace moldau
