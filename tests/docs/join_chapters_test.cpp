#include "docs/shop.h"
#include "docs/snippet.h"

namespace moldau::test::shop {
namespace {

class JoinsChapter : public Snippet {
 protected:
  JoinsChapter() {
    input<OrderId, Order>("orders");
    input<OrderId, Payment>("payments");
    input<CustomerId, Customer>("customers");
    input<CurrencyCode, Currency>("currencies");
    output<OrderId, Settlement>("settlements");
    for (const char* topic : {"priced-orders", "orders-in-euro"}) {
      output<std::string, std::int64_t>(topic);
    }
  }
};

TEST_F(JoinsChapter, TwoStreams) {
  // [two streams]
  auto orders = builder.stream<OrderId, Order>("orders");
  auto payments = builder.stream<OrderId, Payment>("payments");

  orders
      .left_join(
          payments,
          [](const Order& order, const Payment* payment) { return Settlement::of(order, payment); },
          JoinWindows{.before = 5min, .after = 5min, .grace = 30s},
          {.name = "settle", .store_name = "settle"})
      .to("settlements");
  // [two streams end]

  expect(R"(
    orders 17 {'item':'hats'} @1     ->  nothing
    payments 17 {'amount':5} @301    ->  settlements 17 {'item':'hats','paid':5} @301
    orders 18 {'item':'caps'} @302   ->  nothing
    orders 19 {'item':'ties'} @633   ->  settlements 18 {'item':'caps','paid':0} @302
  )");
}

TEST_F(JoinsChapter, AStreamAndATable) {
  auto orders = builder.stream<CustomerId, Order>("orders");
  // [stream and table]
  auto customers = builder.table<CustomerId, Customer>("customers");

  orders
      .join(customers,
            [](const Order& order, const Customer& customer) { return priced(order, customer); })
      .to("priced-orders");
  // [stream and table end]

  expect(R"(
    customers ann {'discount':10} @1   ->  nothing
    orders ann {'cents':500} @2        ->  priced-orders ann 450 @2
  )");
}

TEST_F(JoinsChapter, AStreamAndAGlobalTable) {
  auto orders = builder.stream<OrderId, Order>("orders");
  // [stream and global table]
  auto currencies = builder.global_table<CurrencyCode, Currency>("currencies");

  orders
      .join(
          currencies, [](const Order& order) { return order.currency; },  // which row
          [](const Order& order, const Currency& currency) { return in_euro(order, currency); })
      .to("orders-in-euro");
  // [stream and global table end]

  expect(R"(
    currencies CZK {'per_euro':25} @1             ->  nothing
    orders 17 {'cents':500,'currency':'CZK'} @2   ->  orders-in-euro 17 20 @2
  )");
}

class TableJoinsChapter : public Snippet {
 protected:
  TableJoinsChapter() {
    input<UserId, User>("users");
    input<UserId, Settings>("settings");
    input<OrderId, Order>("orders");
    input<CustomerId, Customer>("customers");
    output<UserId, Profile>("profiles");
    output<OrderId, Bill>("bills");
  }
};

TEST_F(TableJoinsChapter, ByKey) {
  // [join by key]
  auto users = builder.table<UserId, User>("users", {}, {.name = "users"});
  auto settings = builder.table<UserId, Settings>("settings", {}, {.name = "settings"});

  users
      .left_join(settings,
                 [](const User& user, const Settings* chosen) { return Profile::of(user, chosen); },
                 {.name = "profiles"})
      .to_stream()
      .to("profiles");
  // [join by key end]

  expect(R"(
    users 1 {'name':'Ann'} @1         ->  profiles 1 {'language':'en','name':'Ann'} @1
    settings 1 {'language':'cs'} @2   ->  profiles 1 {'language':'cs','name':'Ann'} @2
  )");
}

TEST_F(TableJoinsChapter, OnAForeignKey) {
  // [join on a foreign key]
  auto orders = builder.table<OrderId, Order>("orders", {}, {.name = "orders"});
  auto customers = builder.table<CustomerId, Customer>("customers", {}, {.name = "customers"});

  orders
      .join(
          customers,
          [](const Order& order) { return order.customer; },  // which row of the other table
          [](const Order& order, const Customer& customer) { return Bill::of(order, customer); },
          {.name = "billing"},  // TableJoined: the join
          {.name = "bills"})    // Materialized: its rows
      .to_stream()
      .to("bills");
  // [join on a foreign key end]

  expect(R"(
    orders 17 {'customer':'ann','item':'hats'} @1   ->  nothing
    customers ann {'city':'Brno'} @2                ->  bills 17 {'city':'Brno','item':'hats'} @2
  )");
}

}  // namespace
}  // namespace moldau::test::shop
