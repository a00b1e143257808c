// Whatever happens to two tables, and in whatever order: their join ends as a join of what the
// tables end as.

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "test_seed.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace moldau {
namespace {

using Text = std::string;
using Rows = std::map<Text, Text>;
using TextTable = KTable<Text, Text>;

Text shown(const Text* text) { return text != nullptr ? *text : "-"; }
const Text* find(const Rows& rows, const Text& key) {
  const auto found = rows.find(key);
  return found == rows.end() ? nullptr : &found->second;
}

// The first letter; "n" stands for no foreign key.
std::optional<Text> foreign_key(const Text& value) {
  if (value.starts_with("n")) return std::nullopt;
  return value.substr(0, 1);
}

const auto both = [](const Text& l, const Text& r) { return l + "|" + r; };
const auto left_and_maybe_right = [](const Text& l, const Text* r) { return l + "|" + shown(r); };
const auto either = [](const Text* l, const Text* r) { return shown(l) + "|" + shown(r); };

struct JoinCase {
  const char* name;
  // The result goes to "out", and its rows into the store "result".
  std::function<TextTable(const TextTable&, const TextTable&)> join;
  std::function<Rows(const Rows&, const Rows&)> model;
};

Rows joined_by_key(const Rows& left, const Rows& right, bool keep_left, bool keep_right) {
  Rows result;
  for (const auto& [key, value] : left) {
    const Text* other = find(right, key);
    if (other != nullptr || keep_left) result[key] = value + "|" + shown(other);
  }
  for (const auto& [key, value] : right) {
    if (keep_right && find(left, key) == nullptr) result[key] = "-|" + value;
  }
  return result;
}

Rows joined_on_foreign_key(const Rows& left, const Rows& right, bool keep_left) {
  Rows result;
  for (const auto& [key, value] : left) {
    const std::optional<Text> foreign = foreign_key(value);
    const Text* other = foreign ? find(right, *foreign) : nullptr;
    if (other != nullptr || keep_left) result[key] = value + "|" + shown(other);
  }
  return result;
}

const JoinCase cases[] = {
    {"Inner",
     [](const TextTable& l, const TextTable& r) { return l.join(r, both, {.name = "result"}); },
     [](const Rows& l, const Rows& r) { return joined_by_key(l, r, false, false); }},
    {"Left",
     [](const TextTable& l, const TextTable& r) {
       return l.left_join(r, left_and_maybe_right, {.name = "result"});
     },
     [](const Rows& l, const Rows& r) { return joined_by_key(l, r, true, false); }},
    {"Outer",
     [](const TextTable& l, const TextTable& r) {
       return l.outer_join(r, either, {.name = "result"});
     },
     [](const Rows& l, const Rows& r) { return joined_by_key(l, r, true, true); }},
    {"ChainThroughAJoinWithoutAStore",
     [](const TextTable& l, const TextTable& r) {
       return l.left_join(r, left_and_maybe_right)
           .left_join(l, left_and_maybe_right, {.name = "result"});
     },
     [](const Rows& l, const Rows& r) {
       return joined_by_key(joined_by_key(l, r, true, false), l, true, false);
     }},
    {"ForeignKeyInner",
     [](const TextTable& l, const TextTable& r) {
       return l.join(r, foreign_key, both, {}, {.name = "result"});
     },
     [](const Rows& l, const Rows& r) { return joined_on_foreign_key(l, r, false); }},
    {"ForeignKeyLeft",
     [](const TextTable& l, const TextTable& r) {
       return l.left_join(r, foreign_key, left_and_maybe_right, {}, {.name = "result"});
     },
     [](const Rows& l, const Rows& r) { return joined_on_foreign_key(l, r, true); }},
    {"ForeignKeyOfItself",
     [](const TextTable& l, const TextTable&) {
       return l.left_join(l, foreign_key, left_and_maybe_right, {}, {.name = "result"});
     },
     [](const Rows& l, const Rows&) { return joined_on_foreign_key(l, l, true); }},
};

class TableJoins : public ::testing::TestWithParam<JoinCase> {
 protected:
  static Topology build(const JoinCase& join) {
    StreamsBuilder builder;
    const TextTable left = builder.table<Text, Text>("l");
    const TextTable right = builder.table<Text, Text>("r");
    join.join(left, right).to_stream().to("out");
    right.to_stream().to("unused");
    return builder.build();
  }

  static Config config(std::size_t cache_bytes) {
    Config config{.application_id = "app"};
    config.statestore_cache_max_bytes = cache_bytes;
    return config;
  }

  static void run(const JoinCase& join, std::size_t cache_bytes, std::uint64_t seed) {
    testing::TopologyTestDriver driver{build(join), config(cache_bytes)};
    std::mt19937_64 random{seed};
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    const auto letter = [&](const char* of) { return Text{of[below(Text{of}.size())]}; };

    Rows left;
    Rows right;
    Rows seen;
    for (int step = 0; step < 400; ++step) {
      const bool to_left = below(2) == 0;
      Rows& rows = to_left ? left : right;
      const Text key = letter("abcdx");
      std::optional<Text> value;
      if (below(4) != 0) value = letter("abcnx") + std::to_string(below(3));
      if (value) {
        rows[key] = *value;
      } else {
        rows.erase(key);
      }
      driver.input_topic<Text, Text>(to_left ? "l" : "r")
          .pipe(key, value, Timestamp{static_cast<std::int64_t>(below(1000))});

      for (const auto& record : driver.output_topic<Text, Text>("out").read_all()) {
        if (record.value) {
          seen[*record.key] = *record.value;
        } else {
          seen.erase(*record.key);
        }
      }
      const Rows expected = join.model(left, right);
      ASSERT_EQ(seen, expected) << "what was sent, after step " << step;
      Rows stored;
      for (const auto& entry : driver.store("result")) {
        stored[Text{entry.key.bytes().text()}] = Text{entry.value.bytes().text()};
      }
      ASSERT_EQ(stored, expected) << "what is stored, after step " << step;
    }
  }
};

TEST_P(TableJoins, EndAsAJoinOfWhatTheTablesEndAs) { run(GetParam(), 0, test_seed()); }

TEST_P(TableJoins, EndAsAJoinOfWhatTheTablesEndAsWithCaches) {
  run(GetParam(), 1U << 20, test_seed());
}

INSTANTIATE_TEST_SUITE_P(All, TableJoins, ::testing::ValuesIn(cases),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace moldau
