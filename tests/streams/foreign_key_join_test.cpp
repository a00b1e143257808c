// A foreign-key join over several partitions: messages must find the task that has the row.

#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace moldau {
namespace {

using Text = std::string;
using Rows = std::map<Text, Text>;

Topology orders_with_customers(TableJoined<Text, Text> joined = {.name = "billing"}) {
  StreamsBuilder builder;
  const auto orders = builder.table<Text, Text>("orders", {}, {.name = "orders"});
  const auto customers = builder.table<Text, Text>("customers", {}, {.name = "customers"});
  orders
      .join(
          customers, [](const Text& customer) { return customer; },
          [](const Text& customer, const Text& town) { return customer + " in " + town; },
          std::move(joined))
      .to_stream()
      .to("bills");
  return builder.build();
}

class OrdersWithCustomers : public EmbeddedApplication {
 protected:
  static constexpr std::int32_t order_partitions = 3;
  static constexpr std::int32_t customer_partitions = 4;
  static constexpr int orders = 30;

  OrdersWithCustomers() {
    broker_.create_topic("orders", order_partitions);
    broker_.create_topic("customers", customer_partitions);
    broker_.create_topic("bills", 1);
    // Not where the default partitioner would have put them.
    for (int i = 0; i < orders; ++i) {
      broker_.produce<Text, Text>("orders", {.key = order(i), .value = customer(i)},
                                  PartitionId{i % order_partitions});
    }
  }

  static Text order(int i) { return "order-" + std::to_string(i); }
  static Text customer(int i) { return "customer-" + std::to_string(i % 7); }

  void move_customers(const Text& town) {
    for (int i = 0; i < 7; ++i) broker_.produce<Text, Text>("customers", customer(i), town);
  }
  [[nodiscard]] bool billed(const Text& town) {
    Rows expected;
    for (int i = 0; i < orders; ++i) expected[order(i)] = customer(i) + " in " + town;
    return eventually(patience, [&] { return latest<Text>("bills") == expected; });
  }
};

TEST_F(OrdersWithCustomers, AnswersGoToThePartitionThatTheQuestionCameFrom) {
  Config config = this->config();
  config.num_stream_threads = 2;
  move_customers("Prague");

  const auto streams = start(orders_with_customers(), config);

  EXPECT_TRUE(billed("Prague"));
  move_customers("Brno");
  EXPECT_TRUE(billed("Brno"));
  EXPECT_EQ(broker_.partitions("app-billing-subscription-registration-topic"), customer_partitions);
  EXPECT_EQ(broker_.partitions("app-billing-subscription-response-topic"), order_partitions);
}

TEST_F(OrdersWithCustomers, SubscriptionsAreRestoredOnAnEmptyDisk) {
  move_customers("Prague");
  {
    const auto first = start(orders_with_customers());
    ASSERT_TRUE(billed("Prague"));
  }
  std::filesystem::remove_all(folder_.path() / "state");

  const auto streams = start(orders_with_customers());
  move_customers("Brno");

  EXPECT_TRUE(billed("Brno"));
}

TEST_F(OrdersWithCustomers, PartitionersOfTheProgramAreFollowed) {
  for (int i = 0; i < 7; ++i) {
    broker_.produce<Text, Text>("customers", {.key = customer(i), .value = "Plzen"},
                                PartitionId{i % customer_partitions});
  }
  const auto by_last_digit = [](const Record<Text, Void>& record, std::string_view,
                                std::int32_t partitions) -> Partitioning {
    return PartitionId{std::stoi(record.key().substr(record.key().find('-') + 1)) % partitions};
  };

  const auto streams = start(orders_with_customers(
      {.name = "billing", .partitioner = by_last_digit, .other_partitioner = by_last_digit}));

  EXPECT_TRUE(billed("Plzen"));
}

}  // namespace
}  // namespace moldau
