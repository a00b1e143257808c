// Aggregations and tables allocate nothing for a record that changes a row.

#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/builtin.h"

#include "allocation/counting_new.h"
#include "allocation/fed_task.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace moldau {
namespace {

using Text = std::string;

// A program behind a source, and how much cache it has.
struct Case {
  const char* name;
  std::function<void(StreamsBuilder&)> build;
  std::size_t cache_size = 0;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

void count(StreamsBuilder& builder) {
  builder.stream<Text, Text>("in")
      .group_by_key()
      .count({.name = "s", .type = StoreType::in_memory})
      .to_stream()
      .to("out");
}

void reduce(StreamsBuilder& builder) {
  builder.stream<Text, Text>("in")
      .group_by_key()
      .reduce(
          [](Text total, const Text& value) {
            total = value;
            return total;
          },
          {.name = "s", .type = StoreType::in_memory})
      .to_stream()
      .to("out");
}

void aggregate(StreamsBuilder& builder) {
  builder.stream<Text, Text>("in")
      .group_by_key()
      .aggregate([] { return std::int64_t{0}; },
                 [](std::int64_t total, const Text& value) {
                   return total + static_cast<std::int64_t>(value.size());
                 },
                 {.name = "s", .type = StoreType::in_memory})
      .to_stream()
      .to("out");
}

void table(StreamsBuilder& builder) {
  builder.table<Text, Text>("in", {}, {.name = "s", .type = StoreType::in_memory})
      .filter([](const Text& value) { return value.find("kept") != Text::npos; })
      .map_values([](const Text& value) { return static_cast<std::int64_t>(value.size()); })
      .to_stream()
      .to("out");
}

class AggregatesPath : public ::testing::TestWithParam<Case> {};

TEST_P(AggregatesPath, ARecordThatChangesARowCostsNoHeapAllocation) {
  StreamsBuilder builder;
  GetParam().build(builder);
  FedTask task{builder.build(), GetParam().cache_size};
  task.process(batches);
  task.sink.records = 0;

  const std::int64_t before = allocations();
  task.process(batches);
  const std::int64_t after = allocations();

  EXPECT_EQ(after - before, 0);
  // Nothing leaves a cache before the commit.
  EXPECT_EQ(task.sink.records == 0, GetParam().cache_size > 0);
}

INSTANTIATE_TEST_SUITE_P(Of, AggregatesPath,
                         ::testing::Values(Case{"Count", count}, Case{"Reduce", reduce},
                                           Case{"Aggregate", aggregate}, Case{"Table", table},
                                           Case{"CachedCount", count, cache_bytes},
                                           Case{"CachedTable", table, cache_bytes}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace moldau
