#include "docs/snippet.h"

namespace moldau::test {
namespace {

using Sources = Snippet;

TEST_F(Sources, Stream) {
  driver_options.topics = {"shop-1", "shop-2"};
  // [stream]
  builder.stream<std::string, std::string>("clicks").to("all");
  builder.stream<std::string, std::string>({"web", "app"}).to("all");
  builder.stream<std::string, std::string>(TopicPattern{"shop-.*"}).to("all");
  // [stream end]

  expect(R"(
    clicks ann hats @1   ->  all ann hats @1
    app ben caps @2      ->  all ben caps @2
    shop-2 eva ties @3   ->  all eva ties @3
    web - - @4           ->  all - - @4
  )");
}

TEST_F(Sources, TimeOfRecords) {
  // [timestamp_extractor]
  builder
      .stream<std::string, std::string>(
          "visits",
          {.timestamp_extractor =
               [](const Record<std::string, std::string>& visit, Timestamp /*partition_time*/) {
                 if (visit.value() == "never") return Timestamp::unknown();
                 return visit.value() == "now" ? visit.timestamp() : Timestamp{1s};
               }})
      .to("timed");
  // [timestamp_extractor end]

  expect(R"(
    visits ann now @5     ->  timed ann now @5
    visits ann once @6    ->  timed ann once @1
    visits ann never @7   ->  dropped
  )");
}

TEST_F(Sources, Table) {
  // [table]
  builder.table<std::string, std::string>("homes", {}, {.name = "homes"}).to_stream().to("moves");
  // [table end]

  expect(R"(
    homes ann rome @5   ->  moves ann rome @5
    homes ann oslo @3   ->  moves ann oslo @3
    homes ann oslo @4   ->  moves ann oslo @4
    homes ann - @6      ->  moves ann - @6
    homes - rome @7     ->  dropped
  )");
}

TEST_F(Sources, VersionedTable) {
  // [versioned table]
  builder.table<std::string, std::string>("homes", {}, {.name = "homes", .history = 100s})
      .to_stream()
      .to("moves");
  // [versioned table end]

  expect(R"(
    homes ann rome @50    ->  moves ann rome @50
    homes ann oslo @20    ->  moves ann oslo @20
    homes ann bonn @200   ->  moves ann bonn @200
    homes ann kyiv @99    ->  dropped
  )");
}

TEST_F(Sources, Build) {
  // [build]
  builder.stream<std::string, std::string>("clicks", {.name = "clicks"}).to("all", {.name = "all"});
  const Topology topology = builder.build();
  const std::string description = topology.describe().to_string();
  // [build end]

  EXPECT_NE(std::string::npos, description.find("Source: clicks (topics: [clicks])"));
  expect(topology, R"(
    clicks ann hats @1   ->  all ann hats @1
  )");
}

}  // namespace
}  // namespace moldau::test
