#include "docs/snippet.h"

#include <utility>

namespace moldau::test {
namespace {

class Tables : public Snippet {
 protected:
  Tables() {
    for (const char* topic : {"stock", "limits"}) input<std::string, std::int64_t>(topic);
    for (const char* topic : {"changes", "short", "enough", "counts", "totals"}) {
      output<std::string, std::int64_t>(topic);
    }
  }
};

TEST_F(Tables, Filter) {
  // [table filter]
  auto stock = builder.table<std::string, std::int64_t>("stock");
  stock.filter([](std::int64_t pieces) { return pieces < 10; }).to_stream().to("short");
  stock.filter_not([](std::int64_t pieces) { return pieces < 10; }).to_stream().to("enough");
  // [table filter end]

  expect(R"(
    stock hats 50 @1   ->  short hats - @1, enough hats 50 @1
    stock hats 3 @2    ->  short hats 3 @2, enough hats - @2
    stock hats - @3    ->  short hats - @3, enough hats - @3
    stock - 3 @4       ->  dropped
  )");
}

TEST_F(Tables, FilterWithOldRows) {
  // [table filter kept]
  builder.table<std::string, std::int64_t>("stock", {}, {.name = "stock"})
      .filter([](std::int64_t pieces) { return pieces < 10; }, {.name = "short"})
      .to_stream()
      .to("short");
  // [table filter kept end]

  expect(R"(
    stock hats 50 @1   ->  nothing
    stock hats 3 @2    ->  short hats 3 @2
    stock hats 50 @3   ->  short hats - @3
    stock hats - @4    ->  nothing
  )");
}

TEST_F(Tables, MapValues) {
  output<std::string, std::string>("labels");
  // [table map_values]
  builder.table<std::string, std::int64_t>("stock")
      .map_values(
          [](const std::string& article, std::int64_t pieces) -> std::optional<std::string> {
            if (pieces == 0) return std::nullopt;
            return std::to_string(pieces) + " " + article;
          })
      .to_stream()
      .to("labels");
  // [table map_values end]

  expect(R"(
    stock hats 50 @5   ->  labels hats "50 hats" @5
    stock hats 3 @2    ->  labels hats "3 hats" @2
    stock hats 0 @6    ->  labels hats - @6
    stock hats - @7    ->  labels hats - @7
  )");
}

// [table transform_values]
// Says since when a row is what it is.
class Since : public ValueTransformer<std::string, std::int64_t, std::string> {
 public:
  std::optional<std::string> transform(
      const FixedKeyRecord<std::string, std::int64_t>& row) override {
    const std::string time = std::to_string(row.timestamp().milliseconds());
    if (row.value_or_null() == nullptr) return "none since " + time;
    if (row.value() < 0) return std::nullopt;
    return std::to_string(row.value()) + " since " + time;
  }
};
// [table transform_values end]

TEST_F(Tables, TransformValues) {
  output<std::string, std::string>("labels");
  // [table transform_values program]
  builder.table<std::string, std::int64_t>("stock")
      .transform_values([] { return Since{}; })
      .to_stream()
      .to("labels");
  // [table transform_values program end]

  expect(R"(
    stock hats 50 @5   ->  labels hats "50 since 5000" @5
    stock hats - @7    ->  labels hats "none since 7000" @7
    stock hats -1 @8   ->  labels hats - @8
  )");
}

TEST_F(Tables, ToStream) {
  // [table to_stream]
  builder.table<std::string, std::int64_t>("stock")
      .to_stream([](const std::string& article, const std::int64_t* pieces) {
        return pieces == nullptr ? "gone-" + article : article;
      })
      .to("changes");
  // [table to_stream end]

  expect(R"(
    stock hats 50 @1   ->  changes hats 50 @1
    stock hats 50 @2   ->  changes hats 50 @2
    stock hats - @3    ->  changes gone-hats - @3
  )");
}

TEST_F(Tables, GroupByAndCount) {
  // [table group_by]
  builder.table<std::string, std::string>("homes")
      .group_by(
          [](const std::string& person, const std::string& city) {
            return KeyValue{city == "?" ? std::nullopt : std::optional{city}, person};
          },
          {.name = "by-city"})
      .count({.name = "people"})
      .to_stream()
      .to("counts");
  // [table group_by end]

  expect(R"(
    homes ann rome @5   ->  counts rome 1 @5
    homes ben rome @3   ->  counts rome 2 @5
    homes ann oslo @6   ->  counts rome 1 @6, counts oslo 1 @6
    homes ben - @7      ->  counts rome 0 @7
    homes ben - @8      ->  nothing
    homes eva ? @9      ->  nothing
    homes - rome @9     ->  dropped
  )");
}

TEST_F(Tables, Reduce) {
  // [table reduce]
  builder.table<std::string, std::int64_t>("stock")
      .group_by([](const std::string& article, std::int64_t pieces) {
        return KeyValue{article.substr(0, 1), pieces};
      })
      .reduce([](std::int64_t total, std::int64_t pieces) { return total + pieces; },
              [](std::int64_t total, std::int64_t pieces) { return total - pieces; })
      .to_stream()
      .to("totals");
  // [table reduce end]

  expect(R"(
    stock hats 50 @1    ->  totals h 50 @1
    stock hoods 7 @2    ->  totals h 57 @2
    stock hats 20 @3    ->  totals h 27 @3
    stock hats - @4     ->  totals h 7 @4
  )");
}

TEST_F(Tables, Aggregate) {
  output<std::string, std::string>("logs");
  // [table aggregate]
  builder.table<std::string, std::string>("homes")
      .group_by([](const std::string& person, const std::string& city) {
        return KeyValue{city, person};
      })
      .aggregate([] { return std::string{}; },
                 [](std::string log, const std::string& person) { return log + "+" + person; },
                 [](std::string log, const std::string& person) { return log + "-" + person; },
                 {.name = "comings-and-goings"})
      .to_stream()
      .to("logs");
  // [table aggregate end]

  expect(R"(
    homes ann rome @5   ->  logs rome +ann @5
    homes ben rome @3   ->  logs rome +ann+ben @5
    homes ann oslo @6   ->  logs rome +ann+ben-ann @6, logs oslo +ann @6
    homes ben - @2      ->  logs rome +ann+ben-ann-ben @6
  )");
}

TEST_F(Tables, SuppressUntilTimeLimit) {
  // [suppress time limit]
  builder.table<std::string, std::int64_t>("stock", {}, {.name = "stock"})
      .suppress(until_time_limit(10s, {.max_records = 1000}), {.name = "calm"})
      .to_stream()
      .to("changes");
  // [suppress time limit end]

  expect(R"(
    stock hats 50 @1    ->  nothing
    stock hats 49 @5    ->  nothing
    stock caps 7 @10    ->  nothing
    stock caps 6 @11    ->  changes hats 49 @5
    stock hats - @12    ->  nothing
    stock caps 5 @25    ->  changes caps 5 @25, changes hats - @12
  )");
}

TEST_F(Tables, SuppressUntilWindowCloses) {
  input<std::string, std::int64_t>("payments");
  output<Windowed<std::string>, std::int64_t>("totals", time_windowed_serde<std::string>(10s));
  // [suppress window closes]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 10s, .grace = 5s})
      .reduce([](std::int64_t total, std::int64_t amount) { return total + amount; })
      .suppress(until_window_closes(), {.name = "final"})
      .to_stream()
      .to("totals");
  // [suppress window closes end]

  expect(R"(
    payments ann 5 @1    ->  nothing
    payments ann 7 @12   ->  nothing
    payments ann 9 @9    ->  nothing
    payments ben 3 @15   ->  totals ann[0..10] 14 @9
    payments ann 9 @9    ->  dropped
  )");
}

}  // namespace
}  // namespace moldau::test
