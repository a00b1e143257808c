// Runs of the reference's test driver, replayed: every record of every topic.

#include "moldau/base/error.h"
#include "moldau/testing/topology_test_driver.h"

#include "dsl/golden_programs.h"
#include "golden/hex.h"
#include "golden_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace moldau::test {
namespace {

using moldau::testing::RawTestRecord;
using moldau::testing::TopologyTestDriver;
using nlohmann::json;

// A setting of the reference's own, which adds the position of the inputs to changelog records.
// Here they have none: nobody needs them.
const std::string adds_positions = "__iq.consistency.offset.vector.enabled__";
const std::set<std::string> position_headers = {"v", "c"};

std::optional<ByteBuffer> text_bytes(const json& text) {
  if (text.is_null()) return std::nullopt;
  return ByteBuffer{Bytes{text.get_ref<const std::string&>()}};
}

RawTestRecord input_of(const json& recorded) {
  RawTestRecord record{.topic = recorded.at("topic").get<std::string>(),
                       .key = text_bytes(recorded.at("key")),
                       .value = text_bytes(recorded.at("value")),
                       .timestamp = Timestamp{recorded.at("timestamp").get<std::int64_t>()},
                       .headers = {}};
  if (const json& header = recorded.at("header"); !header.is_null()) {
    const auto text = header.get<std::string>();  // key=value
    const std::size_t equals = text.find('=');
    record.headers.add(text.substr(0, equals), std::string_view{text}.substr(equals + 1));
  }
  return record;
}

json hex_or_null(const std::optional<ByteBuffer>& bytes) {
  return bytes ? json(to_hex(*bytes)) : json(nullptr);
}

// As the file has it.
json as_recorded(const RawTestRecord& record) {
  json headers = json::array();
  for (const Header& header : record.headers) {
    headers.push_back({{"key", header.key}, {"value", hex_or_null(header.value)}});
  }
  return {{"key", hex_or_null(record.key)},
          {"value", hex_or_null(record.value)},
          {"timestamp", record.timestamp ? json(record.timestamp->milliseconds()) : json(nullptr)},
          {"headers", headers}};
}

Config config_of(const json& run) {
  Config config{.application_id = "app"};
  config.semantics = Semantics::kafka_streams_4_3;
  config.statestore_cache_max_bytes = 0;
  // As in the recorded runs, with a wall clock that stands still: windows that have closed are
  // looked for once.
  config.final_results_interval = std::chrono::milliseconds{1000};
  for (const auto& [key, value] : run.at("extra_config").items()) {
    if (key != adds_positions) config.set(key, value.get<std::string>());
  }
  return config;
}

// The reference writes what has changed in a buffer in the order of a hash set: only the order
// within a key means something.
void sort_by_key_in_buffers(json& topics) {
  for (auto& [topic, records] : topics.items()) {
    if (!topic.ends_with("-sup-store-changelog") && !topic.starts_with("app-KTABLE-SUPPRESS")) {
      continue;
    }
    std::ranges::stable_sort(records.get_ref<json::array_t&>(), {}, [](const json& record) {
      return record.at("key").get<std::string>();
    });
  }
}

json expected_of(const json& run) {
  json topics = run.at("records_by_topic");
  sort_by_key_in_buffers(topics);
  if (!run.at("extra_config").contains(adds_positions)) return topics;
  for (auto& [topic, records] : topics.items()) {
    for (json& record : records) {
      json kept = json::array();
      for (const json& header : record.at("headers")) {
        if (!position_headers.contains(header.at("key"))) kept.push_back(header);
      }
      record["headers"] = std::move(kept);
    }
  }
  return topics;
}

std::vector<json> recorded_runs() { return golden_file("records.json").get<std::vector<json>>(); }

std::string id_of(const json& run) {
  auto id = run.at("name").get<std::string>();
  for (const auto& [key, value] : run.at("extra_config").items()) {
    for (const char c : key) id += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return id;
}

class GoldenRecords : public ::testing::TestWithParam<json> {};

TEST_P(GoldenRecords, OfEachTopicAreThoseOfTheReference) {
  const json& run = GetParam();
  StreamsBuilder builder;
  golden_programs().at(run.at("name"))(builder);
  TopologyTestDriver driver{builder.build(), config_of(run)};

  for (const json& input : run.at("input")) driver.pipe(input_of(input));

  json topics = json::object();
  for (const RawTestRecord& record : driver.take_sent()) {
    topics[record.topic].push_back(as_recorded(record));
  }
  sort_by_key_in_buffers(topics);
  const json expected = expected_of(run);
  EXPECT_EQ(topics, expected) << json::diff(expected, topics).dump(2);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenRecords, ::testing::ValuesIn(recorded_runs()),
                         [](const auto& run) { return id_of(run.param); });

TEST(GoldenRuns, AreAllThere) { EXPECT_EQ(recorded_runs().size(), 14U); }

}  // namespace
}  // namespace moldau::test
