#include "docs/snippet.h"

#include <iostream>
#include <sstream>
#include <utility>
#include <vector>

namespace moldau::test {
namespace {

using Stateless = Snippet;

TEST_F(Stateless, Filter) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("big");
  output<std::string, std::int64_t>("small");
  // [filter]
  auto orders = builder.stream<std::string, std::int64_t>("orders");
  orders.filter([](std::int64_t amount) { return amount >= 100; }).to("big");
  orders.filter_not([](std::int64_t amount) { return amount >= 100; }).to("small");
  // [filter end]

  expect(R"(
    orders ann 250 @1  ->  big ann 250 @1
    orders ben 7 @2    ->  small ben 7 @2
    orders - 300 @1    ->  big - 300 @1
  )");
}

TEST_F(Stateless, NullsReachWhoTakesPointers) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("known");
  // [nulls]
  builder.stream<std::string, std::int64_t>("orders")
      .filter([](const std::string* customer, const std::int64_t* amount) {
        return customer != nullptr && amount != nullptr;
      })
      .to("known");
  // [nulls end]

  expect(R"(
    orders ann 250 @1  ->  known ann 250 @1
    orders ann - @2    ->  nothing
    orders - 7 @3      ->  nothing
  )");
}

TEST_F(Stateless, NullsAreErrorsForWhoTakesReferences) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("big");
  // [null errors]
  config.processing_exception_handler = continue_on_processing_error();  // else it stops
  builder.stream<std::string, std::int64_t>("orders")
      .filter([](const std::int64_t& amount) { return amount >= 100; })
      .to("big");
  // [null errors end]

  expect(R"(
    orders ann 250 @1  ->  big ann 250 @1
    orders ann - @2    ->  dropped
  )");
}

TEST_F(Stateless, ReferencesAndPointers) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("empty");
  output<std::string, std::int64_t>("big");
  config.processing_exception_handler = continue_on_processing_error();
  auto orders = builder.stream<std::string, std::int64_t>("orders");
  // [references and pointers]
  orders.filter([](const std::int64_t* amount) { return amount == nullptr; }).to("empty");
  orders.filter([](const std::int64_t& amount) { return amount >= 100; }).to("big");
  // [references and pointers end]

  expect(R"(
    orders ann 250 @1  ->  big ann 250 @1
    orders ann - @2    ->  empty ann - @2, dropped
  )");
}

TEST_F(Stateless, MapValues) {
  // [map_values]
  builder.stream<std::string, std::string>("words")
      .map_values([](const std::string& word) { return word.size() > 3 ? word + "!" : word; })
      .to("loud");
  // [map_values end]

  expect(R"(
    words ann hello @1  ->  loud ann hello! @1
    words - hi @2       ->  loud - hi @2
  )");
}

TEST_F(Stateless, MapValuesToNulls) {
  // [map_values nulls]
  builder.stream<std::string, std::string>("words")
      .map_values([](const std::string* word) -> std::optional<std::string> {
        if (word == nullptr) return "nothing said";
        if (*word == "secret") return std::nullopt;
        return *word;
      })
      .to("said");
  // [map_values nulls end]

  expect(R"(
    words ann secret @1  ->  said ann - @1
    words ann - @2       ->  said ann "nothing said" @2
  )");
}

TEST_F(Stateless, Map) {
  input<std::string, std::int64_t>("orders");
  // [map]
  builder.stream<std::string, std::int64_t>("orders")
      .map([](const std::string& customer, std::int64_t amount) {
        return KeyValue{amount >= 100 ? std::string{"big"} : std::string{"small"}, customer};
      })
      .to("customers-by-size");
  // [map end]

  expect(R"(
    orders ann 250 @1  ->  customers-by-size big ann @1
    orders ben 7 @2    ->  customers-by-size small ben @2
  )");
}

TEST_F(Stateless, FlatMapValues) {
  // [flat_map_values]
  builder.stream<std::string, std::string>("lines")
      .flat_map_values([](const std::string& line) {
        std::istringstream words{line};
        return std::vector<std::string>{std::istream_iterator<std::string>{words}, {}};
      })
      .to("words");
  // [flat_map_values end]

  expect(R"(
    lines a "to be" @1  ->  words a to @1, words a be @1
    lines a "" @2       ->  nothing
  )");
}

TEST_F(Stateless, FlatMap) {
  input<std::string, std::int64_t>("transfers");
  output<std::string, std::int64_t>("bookings");
  // [flat_map]
  builder.stream<std::string, std::int64_t>("transfers")
      .flat_map([](const std::string& account, std::int64_t amount) {
        return std::vector{std::pair{account, -amount}, std::pair{std::string{"bank"}, amount}};
      })
      .to("bookings");
  // [flat_map end]

  expect(R"(
    transfers ann 40 @1  ->  bookings ann -40 @1, bookings bank 40 @1
  )");
}

TEST_F(Stateless, SelectKey) {
  // [select_key]
  builder.stream<std::string, std::string>("clicks")
      .select_key([](const std::string& page) -> std::optional<std::string> {
        if (page == "/") return std::nullopt;
        return page.substr(0, 1);
      })
      .to("by-letter");
  // [select_key end]

  expect(R"(
    clicks ann hats @1  ->  by-letter h hats @1
    clicks - hats @2    ->  by-letter h hats @2
    clicks ann / @3     ->  by-letter - / @3
  )");
}

TEST_F(Stateless, Peek) {
  // [peek]
  builder.stream<std::string, std::string>("clicks")
      .peek([](const std::string* user, const std::string* page) {
        std::cout << (user ? *user : "somebody") << " at " << (page ? *page : "nothing") << '\n';
      })
      .to("seen");
  // [peek end]

  expect(R"(
    clicks ann hats @1  ->  prints "ann at hats", seen ann hats @1
    clicks - - @2       ->  prints "somebody at nothing", seen - - @2
  )");
}

TEST_F(Stateless, ForEach) {
  // [for_each]
  builder.stream<std::string, std::string>("clicks").for_each(
      [](const std::string& page) { std::cout << page << '\n'; });
  // [for_each end]

  expect(R"(
    clicks ann hats @1  ->  prints "hats"
  )");
}

TEST_F(Stateless, Split) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("big-orders");
  output<std::string, std::int64_t>("all-others");
  // [split]
  auto sizes = builder.stream<std::string, std::int64_t>("orders")
                   .split({.name = "size-"})
                   .branch([](std::int64_t amount) { return amount > 1000; }, {.name = "big"})
                   .branch([](std::int64_t amount) { return amount > 100; })
                   .default_branch({.name = "small"});
  sizes.at("size-big").to("big-orders");
  sizes.at("size-2").merge(sizes.at("size-small")).to("all-others");
  // [split end]

  expect(R"(
    orders ann 5000 @1  ->  big-orders ann 5000 @1
    orders ben 500 @2   ->  all-others ben 500 @2
    orders eva 5 @3     ->  all-others eva 5 @3
  )");
}

TEST_F(Stateless, BranchWithAConsumer) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("big-orders");
  // [branch]
  using Orders = KStream<std::string, std::int64_t>;
  builder.stream<std::string, std::int64_t>("orders")
      .split()
      .branch([](std::int64_t amount) { return amount > 1000; },
              {.consumer = [](const Orders& big) { big.to("big-orders"); }})
      .no_default_branch();
  // [branch end]

  expect(R"(
    orders ann 5000 @1  ->  big-orders ann 5000 @1
    orders ben 500 @2   ->  nothing
  )");
}

TEST_F(Stateless, Merge) {
  // [merge]
  auto web = builder.stream<std::string, std::string>("web");
  auto shop = builder.stream<std::string, std::string>("shop");
  web.merge(shop).to("everywhere");
  // [merge end]

  expect(R"(
    web ann hats @1   ->  everywhere ann hats @1
    shop ben - @2     ->  everywhere ben - @2
    web - shoes @1    ->  everywhere - shoes @1
  )");
}

TEST_F(Stateless, Repartition) {
  // [repartition]
  builder.stream<std::string, std::string>("clicks")
      .repartition({.name = "spread", .partitions = 12})
      .to("clicks-again");
  // [repartition end]

  expect(R"(
    clicks ann hats @1   ->  clicks-again ann hats @1
    clicks - hats @2     ->  nothing
    clicks ann - @3      ->  clicks-again ann - @3
  )");
}

TEST_F(Stateless, To) {
  // [to]
  auto clicks = builder.stream<std::string, std::string>("clicks");
  clicks.to("copy");
  clicks.to([](const Record<std::string, std::string>& click, const RecordMetadata& from) {
    return std::string{from.topic} + (click.key_or_null() ? "-known" : "-unknown");
  });
  // [to end]

  expect(R"(
    clicks ann hats @1  ->  copy ann hats @1, clicks-known ann hats @1
    clicks - - @2       ->  copy - - @2, clicks-unknown - - @2
  )");
}

TEST_F(Stateless, ToTable) {
  // [to_table]
  builder.stream<std::string, std::string>("moves")
      .to_table({.name = "cities"})
      .to_stream()
      .to("cities-changed");
  // [to_table end]

  expect(R"(
    moves ann rome @5   ->  cities-changed ann rome @5
    moves ann oslo @3   ->  cities-changed ann oslo @3
    moves ann - @6      ->  cities-changed ann - @6
    moves - bonn @7     ->  dropped
  )");
}

}  // namespace
}  // namespace moldau::test
