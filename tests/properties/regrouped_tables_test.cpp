// Whatever happens to a table, and in whatever order: its groups have the totals of the rows that
// are in them.

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "test_seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <random>
#include <string>

namespace moldau::test {
namespace {

using namespace std::chrono_literals;
using Text = std::string;
using Long = std::int64_t;
using TextTable = KTable<Text, Text>;
using Rows = std::map<Text, Text>;

// A row's group is its first character, the rest is its number. Group "n" is none.
std::optional<Text> group_of(const Text& value) {
  return value.starts_with('n') ? std::nullopt : std::optional{value.substr(0, 1)};
}
Long number_of(const Text& value) { return std::stoll(value.substr(1)); }

// All versions of all rows; what a table without history remembers of them is the last to come.
class Model {
 public:
  explicit Model(std::optional<std::int64_t> history) : history_(history) {}

  void put(const Text& key, const std::optional<Text>& value, std::int64_t time) {
    now_ = std::max(now_, time);
    if (!history_) {
      versions_[key] = {{0, value}};
    } else if (time >= now_ - *history_) {
      versions_[key][time] = value;
    }
  }

  // Of a deletion at the very time of the latest version, the reference remembers no time: it may
  // be written over by a version before it.
  [[nodiscard]] bool would_forget(const Text& key, const std::optional<Text>& value,
                                  std::int64_t time) const {
    const auto of_key = versions_.find(key);
    return history_ && !value && of_key != versions_.end() && !of_key->second.empty() &&
           of_key->second.rbegin()->first == time;
  }

  [[nodiscard]] Rows rows() const {
    Rows rows;
    for (const auto& [key, versions] : versions_) {
      if (!versions.empty() && versions.rbegin()->second) rows[key] = *versions.rbegin()->second;
    }
    return rows;
  }

 private:
  std::optional<std::int64_t> history_;
  std::int64_t now_ = 0;
  std::map<Text, std::map<std::int64_t, std::optional<Text>>> versions_;
};

struct Table {
  const char* name;
  // The table that is grouped, and what is left of a row of the source in it.
  std::function<TextTable(StreamsBuilder&)> table;
  std::function<std::optional<Text>(const Text&)> row = [](const Text& value) { return value; };
  std::optional<std::int64_t> history = {};
};

void PrintTo(const Table& table, std::ostream* out) { *out << table.name; }

bool is_odd(const Text& value) { return number_of(value) % 2 == 1; }
Text doubled(const Text& value) {
  return value.substr(0, 1) + std::to_string(2 * number_of(value));
}

std::optional<Text> odd_and_doubled(const Text& value) {
  return is_odd(value) ? std::optional{doubled(value)} : std::nullopt;
}

struct Doubled final : ValueTransformer<Text, Text, Text> {
  std::optional<Text> transform(const FixedKeyRecord<Text, Text>& row) override {
    const Text* value = row.value_or_null();
    return value == nullptr ? std::nullopt : std::optional{doubled(*value)};
  }
};

TextTable versioned(StreamsBuilder& b) {
  return b.table<Text, Text>("in", {}, {.name = "rows", .history = 100ms});
}

const Table tables[] = {
    {"Unversioned", [](StreamsBuilder& b) { return b.table<Text, Text>("in"); }},
    {"FilteredAndMapped",
     [](StreamsBuilder& b) { return b.table<Text, Text>("in").filter(is_odd).map_values(doubled); },
     odd_and_doubled},
    {"MappedIntoAStore",
     [](StreamsBuilder& b) {
       return b.table<Text, Text>("in").filter(is_odd).map_values(doubled, {.name = "doubled"});
     },
     odd_and_doubled},
    {"Transformed",
     [](StreamsBuilder& b) {
       return b.table<Text, Text>("in").transform_values([] { return Doubled{}; });
     },
     doubled},
    {"TransformedIntoAStore",
     [](StreamsBuilder& b) {
       return b.table<Text, Text>("in").transform_values([] { return Doubled{}; },
                                                         {.name = "doubled"});
     },
     doubled},
    {"Versioned", versioned, [](const Text& value) { return value; }, 100},
    {"VersionedFilteredAndMapped",
     [](StreamsBuilder& b) { return versioned(b).filter(is_odd).map_values(doubled); },
     odd_and_doubled, 100},
    {"VersionedTransformed",
     [](StreamsBuilder& b) { return versioned(b).transform_values([] { return Doubled{}; }); },
     doubled, 100},
};

using Totals = std::map<Text, Long>;

class RegroupedTables : public ::testing::TestWithParam<Table> {
 protected:
  static Topology build() {
    StreamsBuilder builder;
    const auto grouped = GetParam().table(builder).group_by([](const Text& value) {
      return KeyValue{group_of(value), number_of(value)};
    });
    grouped.count().to_stream().to("counts");
    grouped
        .reduce([](Long total, const Long& value) { return total + value; },
                [](Long total, const Long& value) { return total - value; })
        .to_stream()
        .to("sums");
    // Each number that is in the group once, each that has left taken away: order matters not.
    grouped
        .aggregate([] { return Long{0}; },
                   [](Long total, const Long& value) { return total ^ (value * 0x9e3779b9); },
                   [](Long total, const Long& value) { return total ^ (value * 0x9e3779b9); })
        .to_stream()
        .to("fingerprints");
    return builder.build();
  }

  static void run(std::size_t cache) {
    Config config{.application_id = "test"};
    config.statestore_cache_max_bytes = cache;
    testing::TopologyTestDriver driver{build(), config};
    std::mt19937_64 random{test_seed()};
    const auto between = [&](std::int64_t from, std::int64_t to) {
      return std::uniform_int_distribution<std::int64_t>{from, to}(random);
    };

    Model model{GetParam().history};
    Totals counts;
    Totals sums;
    Totals fingerprints;
    std::int64_t now = 0;
    for (int step = 0; step < 500; ++step) {
      const Text key(1, static_cast<char>('a' + between(0, 5)));
      std::optional<Text> value;
      if (between(0, 3) != 0) {
        value = Text(1, "nxyz"[between(0, 3)]) + std::to_string(between(1, 20));
      }
      const std::int64_t time = std::max(now + between(-130, 20), std::int64_t{0});
      now = std::max(now, time);
      if (model.would_forget(key, value, time)) continue;
      driver.input_topic<Text, Text>("in").pipe(key, value, Timestamp{time});
      model.put(key, value, time);

      read(driver, "counts", counts);
      read(driver, "sums", sums);
      read(driver, "fingerprints", fingerprints);
      Totals expected_counts;
      Totals expected_sums;
      Totals expected_fingerprints;
      for (const auto& [group, total] : counts) {
        expected_counts[group] = expected_sums[group] = expected_fingerprints[group] = 0;
      }
      for (const auto& [of, source] : model.rows()) {
        const std::optional<Text> row = GetParam().row(source);
        const std::optional<Text> group = row ? group_of(*row) : std::nullopt;
        if (!group) continue;
        expected_counts[*group] += 1;
        expected_sums[*group] += number_of(*row);
        expected_fingerprints[*group] ^= number_of(*row) * 0x9e3779b9;
      }
      ASSERT_EQ(counts, expected_counts) << "after step " << step;
      ASSERT_EQ(sums, expected_sums) << "after step " << step;
      ASSERT_EQ(fingerprints, expected_fingerprints) << "after step " << step;
    }
  }

 private:
  static void read(testing::TopologyTestDriver& driver, const char* topic, Totals& totals) {
    for (const auto& record : driver.output_topic<Text, Long>(topic).read_all()) {
      totals[*record.key] = record.value.value_or(0);
    }
  }
};

TEST_P(RegroupedTables, HaveTheTotalsOfTheRowsInEachGroup) { run(0); }

TEST_P(RegroupedTables, HaveTheTotalsOfTheRowsInEachGroupBehindCaches) { run(1U << 20); }

INSTANTIATE_TEST_SUITE_P(All, RegroupedTables, ::testing::ValuesIn(tables),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace moldau::test
