#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::test {

using Text = std::string;
using TextTable = KTable<Text, Text>;

inline Text shown(const Text* text) { return text != nullptr ? *text : "-"; }

// What the joiners of these tests make of two rows.
inline const auto both = [](const Text& l, const Text& r) { return l + "|" + r; };
inline const auto left_and_maybe_right = [](const Text& l, const Text* r) {
  return l + "|" + shown(r);
};
inline const auto either = [](const Text* l, const Text* r) { return shown(l) + "|" + shown(r); };

// A topology of tables over the topics "l" and "r", whose result goes to "out". Caches are off:
// each change shows.
class JoinOfTables {
 public:
  template <class Join>
  explicit JoinOfTables(Join join) : driver_(build(std::move(join)), without_caches()) {}

  // Records of "out" that the input leads to: "key=value @time".
  std::vector<std::string> left(const Text& key, std::optional<Text> value, std::int64_t time) {
    return pipe("l", key, std::move(value), time);
  }
  std::vector<std::string> right(const Text& key, std::optional<Text> value, std::int64_t time) {
    return pipe("r", key, std::move(value), time);
  }
  testing::TopologyTestDriver& driver() { return driver_; }

 private:
  template <class Join>
  static Topology build(Join join) {
    StreamsBuilder builder;
    const TextTable left = builder.table<Text, Text>("l", {}, {.name = "left"});
    const TextTable right = builder.table<Text, Text>("r", {}, {.name = "right"});
    join(left, right).to_stream().to("out");
    return builder.build();
  }

  static Config without_caches() {
    Config config{.application_id = "app"};
    config.statestore_cache_max_bytes = 0;
    return config;
  }

  std::vector<std::string> pipe(const char* topic, const Text& key, std::optional<Text> value,
                                std::int64_t time) {
    driver_.input_topic<Text, Text>(topic).pipe(key, std::move(value), Timestamp{time});
    std::vector<std::string> results;
    for (const auto& record : driver_.output_topic<Text, Text>("out").read_all()) {
      results.push_back(record.key.value_or("-") + "=" + record.value.value_or("null") + " @" +
                        std::to_string(record.timestamp.milliseconds()));
    }
    return results;
  }

  testing::TopologyTestDriver driver_;
};

}  // namespace moldau::test
