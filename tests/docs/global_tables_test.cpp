#include "docs/snippet.h"

#include <memory>

namespace moldau::test {
namespace {

using GlobalTables = Snippet;

TEST_F(GlobalTables, GlobalTable) {
  // [global_table]
  auto cities = builder.global_table<std::string, std::string>("cities", {}, {.name = "cities"});
  builder.stream<std::string, std::string>("orders")
      .join(
          cities, [](const std::string& order) { return order.substr(0, 1); },
          [](const std::string& order, const std::string& city) { return order + " " + city; })
      .to("parcels");
  // [global_table end]
  EXPECT_EQ("cities", cities.store_name());

  expect(R"(
    orders 1 r17 @9     ->  nothing
    cities r rome @50   ->  nothing
    orders 2 r18 @10    ->  parcels 2 "r18 rome" @10
    cities r - @51      ->  nothing
    orders 3 r19 @12    ->  nothing
    cities - rome @53   ->  dropped
  )");
}

TEST_F(GlobalTables, JoinWithAGlobalTable) {
  // [join global table]
  auto cities = builder.global_table<std::string, std::string>("cities");
  auto orders = builder.stream<std::string, std::string>("orders");
  orders
      .join(
          cities,
          [](const std::string& order) -> std::optional<std::string> {
            if (order == "?") return std::nullopt;
            return order.substr(0, 1);
          },
          [](const std::string& order, const std::string& city) { return order + " " + city; })
      .to("parcels");
  // [join global table end]

  expect(R"(
    cities r rome @50   ->  nothing
    orders 1 r17 @10    ->  parcels 1 "r17 rome" @10
    orders - r18 @11    ->  parcels - "r18 rome" @11
    orders 3 x19 @12    ->  nothing
    orders 4 ? @13      ->  dropped
  )");
}

TEST_F(GlobalTables, LeftJoinWithAGlobalTable) {
  // [left_join global table]
  auto cities = builder.global_table<std::string, std::string>("cities");
  auto orders = builder.stream<std::string, std::string>("orders");
  orders
      .left_join(
          cities,
          [](const std::string& order) -> std::optional<std::string> {
            if (order == "?") return std::nullopt;
            return order.substr(0, 1);
          },
          [](const std::string& order, const std::string* city) {
            return order + " " + (city ? *city : "nowhere");
          })
      .to("parcels");
  // [left_join global table end]

  expect(R"(
    cities r rome @50   ->  nothing
    orders 1 r17 @10    ->  parcels 1 "r17 rome" @10
    orders - x18 @11    ->  parcels - "x18 nowhere" @11
    orders 3 ? @12      ->  parcels 3 "? nowhere" @12
  )");
}

// [add_global_store processor]
class KeepUpperHalf : public Processor<std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    rates_ = context.key_value_store<std::string, std::int64_t>("rates");
  }
  void process(const Record<std::string, std::int64_t>& rate) override {
    if (rate.value() >= 50) rates_.put(rate.key(), rate.value());
  }

 private:
  KeyValueStore<std::string, std::int64_t> rates_;
};

class AddRate : public FixedKeyProcessor<std::string, std::int64_t, std::int64_t> {
 public:
  void init(Context& context) override {
    rates_ = context.key_value_store<std::string, std::int64_t>("rates");
  }
  void process(const FixedKeyRecord<std::string, std::int64_t>& amount) override {
    const std::int64_t total = amount.value() + rates_.get(amount.key()).value_or(0);
    context().forward(amount.with_value(total));
  }

 private:
  KeyValueStore<std::string, std::int64_t> rates_;
};
// [add_global_store processor end]

TEST_F(GlobalTables, GlobalStore) {
  input<std::string, std::int64_t>("rates");
  input<std::string, std::int64_t>("amounts");
  output<std::string, std::int64_t>("totals");
  // [add_global_store]
  builder.add_global_store(in_memory_key_value_store<std::string, std::int64_t>("rates"), "rates",
                           [] { return std::make_unique<KeepUpperHalf>(); });
  builder.stream<std::string, std::int64_t>("amounts").process_values<AddRate>().to("totals");
  // [add_global_store end]

  expect(R"(
    rates eur 60 @5       ->  nothing
    rates usd 40 @6       ->  nothing
    amounts eur 100 @1    ->  totals eur 160 @1
    amounts usd 100 @2    ->  totals usd 100 @2
  )");
}

}  // namespace
}  // namespace moldau::test
