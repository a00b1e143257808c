#include "docs/shop.h"
#include "docs/snippet.h"

namespace moldau::test::shop {
namespace {

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
