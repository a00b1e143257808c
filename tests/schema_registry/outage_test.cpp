// What becomes of records while the registry is away.

#include "moldau/serde/avro.h"

#include "schema_registry/registry_server.h"
#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"
#include "streams/embedded_application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace moldau {
namespace {

using shelf::Order;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class RegistryOutage : public EmbeddedApplication {
 protected:
  RegistryOutage() {
    broker_.create_topic("orders", 1);
    broker_.create_topic("items", 1);
  }

  // A client of its own, which remembers nothing of those before.
  [[nodiscard]] std::shared_ptr<const SerdeInstance<Order>> order_serde() const {
    return avro_serde<Order>(
        make_schema_registry({registry_.url()}, {.timeout = 5s, .retries = 1, .backoff = 1ms}),
        orders());
  }

  void put(const Order& order) {
    broker_.produce<std::string, ByteBuffer>("orders", "k", written_by(order_serde(), order));
  }

  [[nodiscard]] Topology reading() const {
    StreamsBuilder builder;
    builder.stream<std::string, Order>("orders", {.value_serde = order_serde()})
        .map_values([](const Order& order) { return order.item; })
        .to("items");
    return builder.build();
  }

  [[nodiscard]] Topology writing() const {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("items")
        .map_values([](const std::string& item) {
          return Order{item, 1, {}};
        })
        .to("orders", {.value_serde = order_serde()});
    return builder.build();
  }

  [[nodiscard]] Config leaving_bad_records_out() const {
    Config config = this->config();
    config.deserialization_exception_handler = continue_on_deserialization_error();
    config.processing_exception_handler = continue_on_processing_error();
    config.production_exception_handler = continue_on_production_error();
    return config;
  }

  void registry_goes() { registry_.fail_next(std::numeric_limits<int>::max(), 503); }
  void registry_is_back() { registry_.fail_next(0, 503); }

  RegistryServer registry_;
};

TEST_F(RegistryOutage, NoRecordIsLeftOutThatCannotBeReadNow) {
  put({"tea", 1, {}});
  registry_goes();
  {
    const auto streams = start(reading(), leaving_bad_records_out());

    EXPECT_THAT(failure_of(*streams),
                AllOf(HasSubstr("node \"KSTREAM-SOURCE-0000000000\", topic orders, partition 0, "
                                "offset 0"),
                      HasSubstr(registry_.url() + ": HTTP status 503"),
                      HasSubstr("start the application again")));
    EXPECT_EQ(streams->metrics().sum("dropped-records-total"), 0);
  }
  registry_is_back();

  const auto streams = start(reading(), leaving_bad_records_out());

  EXPECT_TRUE(eventually(patience, [&] { return !values<std::string>("items").empty(); }));
  EXPECT_THAT(values<std::string>("items"), ElementsAre("tea"));
}

TEST_F(RegistryOutage, NoRecordIsLeftOutThatCannotBeWrittenNow) {
  broker_.produce<std::string, std::string>("items", "k", "tea");
  registry_goes();
  {
    const auto streams = start(writing(), leaving_bad_records_out());

    EXPECT_THAT(failure_of(*streams),
                AllOf(HasSubstr("node \"KSTREAM-SINK-0000000002\", topic items, partition 0, "
                                "offset 0"),
                      HasSubstr("topic orders"), HasSubstr("HTTP status 503")));
  }
  registry_is_back();

  const auto streams = start(writing(), leaving_bad_records_out());

  EXPECT_TRUE(eventually(patience, [&] { return !values<ByteBuffer>("orders").empty(); }));
  EXPECT_EQ(read_by(order_serde(), values<ByteBuffer>("orders").front()), (Order{"tea", 1, {}}));
}

// What the handler is for: these bytes stay bad whatever the registry does.
TEST_F(RegistryOutage, RecordsWithUnknownSchemasAreStillLeftOut) {
  broker_.produce<std::string, ByteBuffer>("orders", "k",
                                           ByteBuffer{Bytes{std::string_view{"\0\0\0\0\7x", 6}}});
  put({"tea", 1, {}});

  const auto streams = start(reading(), leaving_bad_records_out());

  EXPECT_TRUE(eventually(patience, [&] { return !values<std::string>("items").empty(); }));
  EXPECT_THAT(values<std::string>("items"), ElementsAre("tea"));
  EXPECT_EQ(streams->metrics().sum("dropped-records-total"), 1);
}

}  // namespace
}  // namespace moldau
