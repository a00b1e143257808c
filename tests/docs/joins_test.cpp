#include "docs/snippet.h"

#include <utility>

namespace moldau::test {
namespace {

using Joins = Snippet;

TEST_F(Joins, OfStreams) {
  // [join streams]
  auto orders = builder.stream<std::string, std::string>("orders");
  auto payments = builder.stream<std::string, std::string>("payments");
  orders
      .join(payments,
            [](const std::string& order, const std::string& payment) {
              return order + " by " + payment;
            },
            JoinWindows{.before = 5s, .after = 10s, .grace = 5s}, {.store_name = "settle"})
      .to("settled");
  // [join streams end]

  expect(R"(
    orders 17 hats @10     ->  nothing
    payments 17 card @20   ->  settled 17 "hats by card" @20
    payments 17 cash @21   ->  nothing
    payments 17 coin @5    ->  settled 17 "hats by coin" @10
    orders 17 caps @12     ->  settled 17 "caps by card" @20, settled 17 "caps by cash" @21
    orders 17 - @13        ->  dropped
    orders - hats @14      ->  dropped
  )");
}

TEST_F(Joins, LeftOfStreams) {
  // [left_join streams]
  auto orders = builder.stream<std::string, std::string>("orders");
  auto payments = builder.stream<std::string, std::string>("payments");
  orders
      .left_join(
          payments,
          [](const std::string& order, const std::string* payment) {
            return order + (payment ? " by " + *payment : " not paid");
          },
          JoinWindows{.after = 10s, .grace = 5s})
      .to("settled");
  // [left_join streams end]

  expect(R"(
    orders 17 hats @10     ->  nothing
    payments 18 card @12   ->  nothing
    payments 17 card @15   ->  settled 17 "hats by card" @15
    orders 19 caps @16     ->  nothing
    orders 20 ties @31     ->  nothing
    orders 21 ties @32     ->  settled 19 "caps not paid" @16
    orders - hats @33      ->  settled - "hats not paid" @33
    orders 22 - @34        ->  dropped
    payments - card @35    ->  dropped
  )");
}

TEST_F(Joins, OuterOfStreams) {
  // [outer_join streams]
  auto orders = builder.stream<std::string, std::string>("orders");
  auto payments = builder.stream<std::string, std::string>("payments");
  orders
      .outer_join(
          payments,
          [](const std::string* order, const std::string* payment) {
            return (order ? *order : "?") + " by " + (payment ? *payment : "?");
          },
          JoinWindows::within(10s))
      .to("settled");
  // [outer_join streams end]

  expect(R"(
    orders 17 hats @10     ->  nothing
    payments 18 card @12   ->  nothing
    orders 18 caps @13     ->  settled 18 "caps by card" @13
    payments 19 cash @21   ->  settled 17 "hats by ?" @10
    orders - hats @22      ->  settled - "hats by ?" @22
    payments - card @23    ->  settled - "? by card" @23
    payments 20 - @24      ->  dropped
  )");
}

TEST_F(Joins, StreamWithTable) {
  // [join table]
  auto customers = builder.table<std::string, std::string>("customers");
  auto orders = builder.stream<std::string, std::string>("orders");
  orders
      .join(customers,
            [](const std::string& order, const std::string& city) { return order + " to " + city; })
      .to("parcels");
  // [join table end]

  expect(R"(
    orders ann hats @1      ->  nothing
    customers ann rome @5   ->  nothing
    orders ann caps @2      ->  parcels ann "caps to rome" @2
    customers ann oslo @3   ->  nothing
    orders ann ties @4      ->  parcels ann "ties to oslo" @4
    orders ann - @6         ->  dropped
    orders - ties @7        ->  dropped
  )");
}

TEST_F(Joins, LeftOfStreamWithTable) {
  // [left_join table]
  auto customers = builder.table<std::string, std::string>("customers");
  auto orders = builder.stream<std::string, std::string>("orders");
  orders
      .left_join(customers,
                 [](const std::string& order, const std::string* city) {
                   return order + " to " + (city ? *city : "an unknown place");
                 })
      .to("parcels");
  // [left_join table end]

  expect(R"(
    orders ann hats @1      ->  parcels ann "hats to an unknown place" @1
    customers ann rome @5   ->  nothing
    orders ann caps @2      ->  parcels ann "caps to rome" @2
    orders - ties @7        ->  parcels - "ties to an unknown place" @7
    orders ann - @6         ->  dropped
  )");
}

TEST_F(Joins, StreamWithVersionedTable) {
  // [join versioned]
  auto prices =
      builder.table<std::string, std::string>("prices", {}, {.name = "prices", .history = 1h});
  auto orders = builder.stream<std::string, std::string>("orders");
  orders
      .join(prices,
            [](const std::string& order, const std::string& price) {
              return order + " for " + price;
            },
            {.grace = 10s})
      .to("bills");
  // [join versioned end]

  expect(R"(
    prices hats 10 @5          ->  nothing
    prices hats 12 @30         ->  nothing
    orders hats ann @25        ->  nothing
    prices hats 11 @20         ->  nothing
    orders hats ben @36        ->  bills hats "ann for 11" @25
    orders hats eva @9         ->  bills hats "eva for 10" @9
  )");
}

TEST_F(Joins, OfTables) {
  // [join tables]
  auto people = builder.table<std::string, std::string>("people");
  auto homes = builder.table<std::string, std::string>("homes");
  people
      .join(homes,
            [](const std::string& name, const std::string& city) { return name + " of " + city; },
            {.name = "residents"})
      .to_stream()
      .to("letters");
  // [join tables end]

  expect(R"(
    people 1 Ann @3    ->  nothing
    homes 1 Rome @1    ->  letters 1 "Ann of Rome" @3
    people 1 Anna @2   ->  letters 1 "Anna of Rome" @2
    homes 1 - @5       ->  letters 1 - @5
    people 1 - @7      ->  nothing
    people - Ben @8    ->  dropped
  )");
}

TEST_F(Joins, LeftOfTables) {
  // [left_join tables]
  auto people = builder.table<std::string, std::string>("people");
  auto homes = builder.table<std::string, std::string>("homes");
  people
      .left_join(homes,
                 [](const std::string& name, const std::string* city) {
                   return name + " of " + (city ? *city : "nowhere");
                 })
      .to_stream()
      .to("letters");
  // [left_join tables end]

  expect(R"(
    people 1 Ann @3    ->  letters 1 "Ann of nowhere" @3
    homes 1 Rome @1    ->  letters 1 "Ann of Rome" @3
    homes 1 - @5       ->  letters 1 "Ann of nowhere" @5
    people 1 - @7      ->  letters 1 - @7
    homes 2 Oslo @8    ->  nothing
  )");
}

TEST_F(Joins, OuterOfTables) {
  // [outer_join tables]
  auto people = builder.table<std::string, std::string>("people");
  auto homes = builder.table<std::string, std::string>("homes");
  people
      .outer_join(homes,
                  [](const std::string* name, const std::string* city) {
                    return (name ? *name : "nobody") + " of " + (city ? *city : "nowhere");
                  })
      .to_stream()
      .to("letters");
  // [outer_join tables end]

  expect(R"(
    people 1 Ann @3    ->  letters 1 "Ann of nowhere" @3
    homes 1 Rome @1    ->  letters 1 "Ann of Rome" @3
    people 1 - @7      ->  letters 1 "nobody of Rome" @7
    homes 1 - @9       ->  letters 1 - @9
    homes 2 Oslo @8    ->  letters 2 "nobody of Oslo" @8
  )");
}

TEST_F(Joins, OnAForeignKey) {
  // [join foreign key]
  auto orders = builder.table<std::string, std::string>("orders");
  auto customers = builder.table<std::string, std::string>("customers");
  orders
      .join(
          customers,
          [](const std::string& order) -> std::optional<std::string> {
            if (order.find('-') == std::string::npos) return std::nullopt;
            return order.substr(0, order.find('-'));  // ann-hats
          },
          [](const std::string& order, const std::string& city) { return order + " to " + city; },
          {.name = "parcels"})
      .to_stream()
      .to("parcels");
  // [join foreign key end]

  expect(R"(
    orders 1 ann-hats @3     ->  nothing
    orders 2 ann-caps @4     ->  nothing
    customers ann Rome @9    ->  parcels 1 "ann-hats to Rome" @9, parcels 2 "ann-caps to Rome" @9
    customers ann Oslo @2    ->  parcels 1 "ann-hats to Oslo" @2, parcels 2 "ann-caps to Oslo" @2
    orders 1 hats @10        ->  parcels 1 - @10, dropped
    orders 2 - @11           ->  parcels 2 - @11
    orders - ann-hats @12    ->  dropped
    customers - Rome @12     ->  dropped
  )");
}

TEST_F(Joins, LeftOnAForeignKey) {
  // [left_join foreign key]
  auto orders = builder.table<std::string, std::string>("orders");
  auto customers = builder.table<std::string, std::string>("customers");
  orders
      .left_join(
          customers,
          [](const std::string& order) -> std::optional<std::string> {
            if (order.size() <= 3) return std::nullopt;
            return order.substr(0, 3);
          },
          [](const std::string& order, const std::string* city) {
            return order + " to " + (city ? *city : "an unknown place");
          })
      .to_stream()
      .to("parcels");
  // [left_join foreign key end]

  expect(R"(
    orders 1 ann-hats @3     ->  parcels 1 "ann-hats to an unknown place" @3
    customers ann Rome @9    ->  parcels 1 "ann-hats to Rome" @9
    customers ann - @10      ->  parcels 1 "ann-hats to an unknown place" @10
    orders 1 own @11         ->  parcels 1 "own to an unknown place" @11
    orders 1 - @12           ->  parcels 1 - @12
  )");
}

}  // namespace
}  // namespace moldau::test
