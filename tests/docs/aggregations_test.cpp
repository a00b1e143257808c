#include "docs/snippet.h"

#include <utility>

namespace moldau::test {
namespace {

class Aggregations : public Snippet {
 protected:
  Aggregations() {
    input<std::string, std::int64_t>("payments");
    input<std::string, std::int64_t>("refunds");
    output<std::string, std::int64_t>("counts");
    output<std::string, std::int64_t>("totals");
    output<std::string, std::int64_t>("highest");
    output<std::string, std::int64_t>("balances");
  }
};

TEST_F(Aggregations, GroupByKey) {
  // [group_by_key]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key({.name = "by-customer"})
      .count()
      .to_stream()
      .to("counts");
  // [group_by_key end]

  expect(R"(
    payments ann 5 @1  ->  counts ann 1 @1
    payments ann 9 @2  ->  counts ann 2 @2
    payments - 9 @3    ->  dropped
  )");
}

TEST_F(Aggregations, GroupBy) {
  // [group_by]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by(
          [](std::int64_t amount) -> std::optional<std::string> {
            if (amount < 0) return std::nullopt;
            return amount >= 100 ? "big" : "small";
          },
          {.name = "by-size"})
      .count()
      .to_stream()
      .to("counts");
  // [group_by end]

  expect(R"(
    payments ann 500 @1  ->  counts big 1 @1
    payments - 200 @2    ->  counts big 2 @2
    payments ann -1 @3   ->  nothing
  )");
}

TEST_F(Aggregations, Count) {
  // [count]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .count({.name = "payments-of"})
      .to_stream()
      .to("counts");
  // [count end]

  expect(R"(
    payments ann 5 @10  ->  counts ann 1 @10
    payments ann 7 @3   ->  counts ann 2 @10
    payments ann - @11  ->  dropped
    payments - 7 @12    ->  dropped
  )");
}

TEST_F(Aggregations, Reduce) {
  // [reduce]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .reduce([](std::int64_t highest, std::int64_t amount) { return std::max(highest, amount); },
              {.name = "highest-payment"})
      .to_stream()
      .to("highest");
  // [reduce end]

  expect(R"(
    payments ann 5 @10  ->  highest ann 5 @10
    payments ann 9 @3   ->  highest ann 9 @10
    payments ann 7 @12  ->  highest ann 9 @12
    payments ann - @13  ->  dropped
    payments - 7 @14    ->  dropped
  )");
}

TEST_F(Aggregations, Aggregate) {
  output<std::string, std::string>("receipts");
  // [aggregate]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .aggregate([] { return std::string{"paid:"}; },
                 [](std::string receipt, std::int64_t amount) -> std::optional<std::string> {
                   if (amount == 0) return std::nullopt;
                   return std::move(receipt) + " " + std::to_string(amount);
                 },
                 {.name = "receipts-of"})
      .to_stream()
      .to("receipts");
  // [aggregate end]

  expect(R"(
    payments ann 5 @10  ->  receipts ann "paid: 5" @10
    payments ann 9 @3   ->  receipts ann "paid: 5 9" @10
    payments ann 0 @11  ->  receipts ann - @11
    payments ann 4 @2   ->  receipts ann "paid: 4" @2
    payments ann - @12  ->  dropped
    payments - 4 @13    ->  dropped
  )");
}

TEST_F(Aggregations, Cogroup) {
  // [cogroup]
  auto payments = builder.stream<std::string, std::int64_t>("payments").group_by_key();
  auto refunds = builder.stream<std::string, std::int64_t>("refunds").group_by_key();
  payments
      .cogroup<std::int64_t>([](std::int64_t balance, std::int64_t paid) { return balance + paid; })
      .cogroup(refunds, [](std::int64_t balance, std::int64_t back) { return balance - back; })
      .aggregate([] { return std::int64_t{0}; }, {.name = "balance-of"})
      .to_stream()
      .to("balances");
  // [cogroup end]

  expect(R"(
    payments ann 50 @10  ->  balances ann 50 @10
    refunds ann 20 @4    ->  balances ann 30 @10
    refunds ben 5 @12    ->  balances ben -5 @12
    payments ann - @13   ->  dropped
    refunds - 5 @14      ->  dropped
  )");
}

class WindowedCogroups : public Aggregations {
 protected:
  WindowedCogroups() { output<Windowed<std::string>, std::int64_t>("per-minute"); }
};

TEST_F(WindowedCogroups, TimeWindows) {
  output<Windowed<std::string>, std::int64_t>("balances", time_windowed_serde<std::string>(10s));
  // [cogroup time windows]
  auto payments = builder.stream<std::string, std::int64_t>("payments").group_by_key();
  auto refunds = builder.stream<std::string, std::int64_t>("refunds").group_by_key();
  payments
      .cogroup<std::int64_t>([](std::int64_t balance, std::int64_t paid) { return balance + paid; })
      .cogroup(refunds, [](std::int64_t balance, std::int64_t back) { return balance - back; })
      .windowed_by(TimeWindows{.size = 10s, .grace = 5s})
      .aggregate([] { return std::int64_t{0}; }, {.name = "balance-by-window"})
      .to_stream()
      .to("balances");
  // [cogroup time windows end]

  expect(R"(
    payments ann 50 @3   ->  balances ann[0..10] 50 @3
    refunds ann 20 @9    ->  balances ann[0..10] 30 @9
    payments ann 7 @15   ->  balances ann[10..20] 7 @15
    payments ann 7 @8    ->  dropped
    refunds ann 1 @8     ->  balances ann[0..10] 29 @9
    refunds - 1 @16      ->  dropped
  )");
}

TEST_F(WindowedCogroups, Sessions) {
  output<Windowed<std::string>, std::int64_t>("balances", session_windowed_serde<std::string>());
  // [cogroup sessions]
  auto payments = builder.stream<std::string, std::int64_t>("payments").group_by_key();
  auto refunds = builder.stream<std::string, std::int64_t>("refunds").group_by_key();
  payments
      .cogroup<std::int64_t>([](std::int64_t balance, std::int64_t paid) { return balance + paid; })
      .cogroup(refunds, [](std::int64_t balance, std::int64_t back) { return balance - back; })
      .windowed_by(SessionWindows{.inactivity_gap = 10s})
      .aggregate([] { return std::int64_t{0}; },
                 [](std::int64_t one, std::int64_t other) { return one + other; },
                 {.name = "balance-by-session"})
      .to_stream()
      .to("balances");
  // [cogroup sessions end]

  expect(R"(
    payments ann 50 @3   ->  balances ann[3..3] 50 @3
    refunds ann 20 @12   ->  balances ann[3..3] - @3, balances ann[3..12] 30 @12
    payments ann 7 @40   ->  balances ann[40..40] 7 @40
    payments ann 7 @12   ->  dropped
    refunds - 1 @41      ->  dropped
  )");
}

}  // namespace
}  // namespace moldau::test
