// A stream joined with a global table, on a broker: what the global thread loads, and what it
// keeps.

#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace moldau {
namespace {

using Text = std::string;
using Rows = std::map<Text, Text>;

Topology orders_with_global_customers(StoreType type = StoreType::rocksdb) {
  StreamsBuilder builder;
  const auto customers =
      builder.global_table<Text, Text>("customers", {}, {.name = "customers", .type = type});
  builder.stream<Text, Text>("orders")
      .left_join(
          customers, [](const Text& customer) { return customer; },
          [](const Text& customer, const Text* town) {
            return customer + " in " + (town != nullptr ? *town : "nowhere");
          })
      .to("bills");
  return builder.build();
}

class GlobalCustomers : public EmbeddedApplication {
 protected:
  static constexpr int customers = 12;

  GlobalCustomers() {
    broker_.create_topic("orders", 3);
    broker_.create_topic("customers", 4);
    broker_.create_topic("bills", 1);
  }

  static Text customer(int i) { return "customer-" + std::to_string(i); }

  void move_customers(const Text& town) {
    for (int i = 0; i < customers; ++i) broker_.produce<Text, Text>("customers", customer(i), town);
  }
  // Orders of every customer, each on any partition.
  void order() {
    for (int i = 0; i < customers; ++i) {
      broker_.produce<Text, Text>("orders", {.key = customer(i), .value = customer(i)},
                                  PartitionId{i % 3});
    }
  }
  static Rows all_in(const Text& town) {
    Rows expected;
    for (int i = 0; i < customers; ++i) expected[customer(i)] = customer(i) + " in " + town;
    return expected;
  }
  // Orders until all are billed there: the table is not aligned with the stream.
  [[nodiscard]] bool gets_billed(const Text& town) {
    return eventually(patience, [&] {
      order();
      return latest<Text>("bills") == all_in(town);
    });
  }
  [[nodiscard]] bool first_bills_are(const Text& town) {
    return eventually(patience,
                      [&] {
                        return values<Text>("bills").size() >= static_cast<std::size_t>(customers);
                      }) &&
           latest<Text>("bills") == all_in(town);
  }
};

TEST_P(GlobalCustomers, AreLoadedInFullBeforeTheFirstOrder) {
  move_customers("Prague");
  order();
  Config config = this->config();
  config.num_stream_threads = 2;

  const auto streams = start(orders_with_global_customers(), config);

  EXPECT_TRUE(first_bills_are("Prague"));
}

TEST_P(GlobalCustomers, FollowTheirTopicWhileTheApplicationRuns) {
  move_customers("Prague");
  const auto streams = start(orders_with_global_customers());
  ASSERT_TRUE(gets_billed("Prague"));

  move_customers("Brno");

  EXPECT_TRUE(gets_billed("Brno"));
}

TEST_P(GlobalCustomers, GoOnFromDiskAndCatchUpAtTheNextStart) {
  move_customers("Prague");
  start(orders_with_global_customers())->close();
  for (int i = 0; i < customers; i += 2) {
    broker_.produce<Text, Text>("customers", customer(i), "Brno");
  }
  order();

  const auto streams = start(orders_with_global_customers());

  Rows expected = all_in("Prague");
  for (int i = 0; i < customers; i += 2) expected[customer(i)] = customer(i) + " in Brno";
  EXPECT_TRUE(eventually(patience, [&] { return latest<Text>("bills") == expected; }));
  EXPECT_EQ(values<Text>("bills").size(), static_cast<std::size_t>(customers));
}

TEST_P(GlobalCustomers, AreLoadedAgainOnAnEmptyDisk) {
  move_customers("Prague");
  start(orders_with_global_customers())->close();
  std::filesystem::remove_all(folder_.path() / "state");
  order();

  const auto streams = start(orders_with_global_customers());

  EXPECT_TRUE(first_bills_are("Prague"));
}

TEST_P(GlobalCustomers, AreLoadedAgainIfTheyLiveInMemory) {
  move_customers("Prague");
  start(orders_with_global_customers(StoreType::in_memory))->close();
  order();

  const auto streams = start(orders_with_global_customers(StoreType::in_memory));

  EXPECT_TRUE(first_bills_are("Prague"));
}

TEST_P(GlobalCustomers, HaveNoChangelogTopic) {
  move_customers("Prague");
  const auto streams = start(orders_with_global_customers());
  ASSERT_TRUE(gets_billed("Prague"));

  EXPECT_EQ(broker_.partitions("app-customers-changelog"), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Guarantees, GlobalCustomers, both_guarantees(), name_of_guarantee);

}  // namespace
}  // namespace moldau
