#include "docs/snippet.h"

namespace moldau::test {
namespace {

class TablesChapter : public Snippet {
 protected:
  TablesChapter() {
    for (const char* topic : {"stock", "added", "removed"}) {
      input<std::string, std::int64_t>(topic);
    }
    for (const char* topic : {"changes", "counts", "totals"}) {
      output<std::string, std::int64_t>(topic);
    }
  }
};

TEST_F(TablesChapter, RowByRow) {
  // [derived tables]
  auto stock = builder.table<std::string, std::int64_t>("stock");

  stock.filter([](std::int64_t pieces) { return pieces > 0; })
      .map_values([](std::int64_t pieces) { return std::string{pieces < 10 ? "few" : "many"}; },
                  {.name = "supply"})
      .to_stream()
      .to("labels");
  // [derived tables end]

  expect(R"(
    stock hats 50 @1   ->  labels hats many @1
    stock hats 3 @2    ->  labels hats few @2
    stock hats 0 @3    ->  labels hats - @3
  )");
}

// [transformer with a store]
// Marks rows that have changed more than twice.
class MarkBusy : public ValueTransformer<std::string, std::int64_t, std::string> {
 public:
  void init(Context& context) override {
    changes_ = context.key_value_store<std::string, std::int64_t>("changes");
  }
  std::optional<std::string> transform(
      const FixedKeyRecord<std::string, std::int64_t>& row) override {
    const std::int64_t changes = changes_.get(row.key()).value_or(0) + 1;
    changes_.put(row.key(), changes);
    if (row.value_or_null() == nullptr) return std::nullopt;
    return std::to_string(row.value()) + (changes > 2 ? " busy" : "");
  }

 private:
  KeyValueStore<std::string, std::int64_t> changes_;
};
// [transformer with a store end]

TEST_F(TablesChapter, WithStores) {
  // [transformed table]
  builder.add_state_store(persistent_key_value_store<std::string, std::int64_t>("changes"));
  builder.table<std::string, std::int64_t>("stock")
      .transform_values([] { return MarkBusy{}; }, {.name = "marked"}, {.stores = {"changes"}})
      .to_stream()
      .to("labels");
  // [transformed table end]

  expect(R"(
    stock hats 50 @1   ->  labels hats 50 @1
    stock hats - @2    ->  labels hats - @2
    stock hats 3 @3    ->  labels hats "3 busy" @3
  )");
}

TEST_F(TablesChapter, Groups) {
  // [groups of rows]
  auto users = builder.table<std::string, std::string>("users");

  users
      .group_by(
          [](const std::string& user, const std::string& region) {
            return KeyValue{region, user};
          },
          {.name = "by-region"})
      .count({.name = "users-by-region"})
      .to_stream()
      .to("counts");
  // [groups of rows end]

  expect(R"(
    users ann north @1   ->  counts north 1 @1
    users bob north @2   ->  counts north 2 @2
    users ann south @3   ->  counts north 1 @3, counts south 1 @3
  )");
}

TEST_F(TablesChapter, VersionedTables) {
  // [table with a history]
  auto stock =
      builder.table<std::string, std::int64_t>("stock", {}, {.name = "stock", .history = 24h});
  // [table with a history end]
  stock.to_stream().to("changes");

  expect(R"(
    stock hats 3 @20      ->  changes hats 3 @20
    stock hats 4 @10      ->  changes hats 4 @10
    stock hats 5 @90000   ->  changes hats 5 @90000
    stock hats 6 @3599    ->  dropped
    stock hats 6 @3600    ->  changes hats 6 @3600
  )");
}

TEST_F(TablesChapter, UntilATimeHasPassed) {
  // [fewer changes]
  builder.table<std::string, std::int64_t>("stock")
      .suppress(until_time_limit(5min, {.max_records = 100'000}))
      .to_stream()
      .to("changes");
  // [fewer changes end]

  expect(R"(
    stock hats 50 @0     ->  nothing
    stock hats 40 @60    ->  nothing
    stock shoes 1 @300   ->  changes hats 40 @60
  )");
}

TEST_F(TablesChapter, UntilWindowsClose) {
  output<Windowed<std::string>, std::int64_t>("final-counts",
                                              time_windowed_serde<std::string>(5min));
  // [final counts]
  builder.stream<std::string, std::string>("views")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 5min, .grace = 30s})
      .count()
      .suppress(until_window_closes())
      .to_stream()
      .to("final-counts");
  // [final counts end]

  expect(R"(
    views home ann @1    ->  nothing
    views home bob @2    ->  nothing
    views home bob @329  ->  nothing
    views home ann @330  ->  final-counts home[0..300] 2 @2
  )");
}

TEST_F(TablesChapter, Cogroup) {
  // [shared total]
  auto added = builder.stream<std::string, std::int64_t>("added").group_by_key();
  auto removed = builder.stream<std::string, std::int64_t>("removed").group_by_key();

  added
      .cogroup<std::int64_t>([](std::int64_t total, std::int64_t pieces) { return total + pieces; })
      .cogroup(removed, [](std::int64_t total, std::int64_t pieces) { return total - pieces; })
      .aggregate([] { return std::int64_t{0}; }, {.name = "totals"})
      .to_stream()
      .to("totals");
  // [shared total end]

  expect(R"(
    added hats 5 @1     ->  totals hats 5 @1
    removed hats 2 @2   ->  totals hats 3 @2
  )");
}

}  // namespace
}  // namespace moldau::test
