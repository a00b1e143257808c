#include "conformance/replay.h"

#include "moldau/testing/topology_test_driver.h"

#include "conformance/topologies.h"

#include <absl/strings/escaping.h>

#include <algorithm>
#include <map>
#include <vector>

namespace moldau::conformance {

namespace {

using testing::RawTestRecord;
using testing::StoreEntry;
using testing::TopologyTestDriver;

// ---- for readers of a difference ----

std::string shown(const std::optional<ByteBuffer>& bytes) {
  if (!bytes) return "null";
  const std::string_view text = bytes->bytes().text();
  const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (printable) return '"' + std::string{text} + '"';
  return "0x" + absl::BytesToHexString(absl::string_view{text.data(), text.size()});
}

std::string shown(const RawTestRecord& record) {
  std::string text = record.topic + ": " + shown(record.key) + " = " + shown(record.value) + " @" +
                     (record.timestamp ? std::to_string(record.timestamp->milliseconds()) : "none");
  for (const Header& header : record.headers)
    text += " [" + header.key + "=" + shown(header.value) + "]";
  return text;
}

std::string shown(const std::vector<RawTestRecord>& records) {
  if (records.empty()) return "    (nothing)\n";
  std::string text;
  for (const RawTestRecord& record : records) text += "    " + shown(record) + "\n";
  return text;
}

std::string shown(const StoreDump::Entry& entry) {
  const auto part = [](const char* before, const std::optional<Timestamp>& time) {
    return time ? before + std::to_string(time->milliseconds()) : std::string{};
  };
  return shown(entry.key) + part(" from ", entry.window_start) + part(" to ", entry.window_end) +
         " = " + shown(entry.value) + part(" @", entry.timestamp) + part(" until ", entry.valid_to);
}

std::string both(const std::string& expected, const std::string& actual) {
  return "  expected:\n" + expected + "  got:\n" + actual;
}

// ---- comparing ----

// The text between `extractor class: ` and `)` names an object: Java's says nothing about ours.
std::string masked(std::string describe) {
  constexpr std::string_view before = "(extractor class: ";
  for (std::size_t at = 0; (at = describe.find(before, at)) != std::string::npos;) {
    at += before.size();
    describe.replace(at, describe.find(')', at) - at, "*");
  }
  return describe;
}

std::map<std::string, std::vector<RawTestRecord>> by_topic(const std::vector<RawTestRecord>& all) {
  std::map<std::string, std::vector<RawTestRecord>> topics;
  for (const RawTestRecord& record : all) topics[record.topic].push_back(record);
  return topics;
}

// Only the order among records of one key counts.
void sort_by_key(std::vector<RawTestRecord>& records) {
  std::ranges::stable_sort(records, {}, &RawTestRecord::key);
}

bool same_records(std::vector<RawTestRecord> expected, std::vector<RawTestRecord> actual,
                  const Case& recorded, bool strict) {
  if (strict && recorded.per_key_topics.empty()) return expected == actual;
  auto expected_topics = by_topic(expected);
  auto actual_topics = by_topic(actual);
  for (const std::string& topic : recorded.per_key_topics) {
    for (auto* topics : {&expected_topics, &actual_topics}) {
      if (const auto found = topics->find(topic); found != topics->end())
        sort_by_key(found->second);
    }
  }
  return expected_topics == actual_topics;
}

Config configuration(const Case& recorded, Semantics semantics) {
  Config config{.application_id = {}};
  config.semantics = semantics;
  for (const auto& [key, value] : recorded.config) {
    // The C++ type of a stream chooses its serde: there is nothing to configure.
    if (key == "default.key.serde" || key == "default.value.serde") continue;
    config.set(key, value);
  }
  return config;
}

std::optional<std::string> compare_stores(TopologyTestDriver& driver, const Case& recorded) {
  std::vector<std::string> names = driver.store_names();
  std::ranges::sort(names);
  std::vector<std::string> expected_names;
  for (const auto& [name, dump] : recorded.stores) expected_names.push_back(name);
  if (names != expected_names) {
    const auto lines = [](const std::vector<std::string>& list) {
      std::string text;
      for (const std::string& name : list) text += "    " + name + "\n";
      return text;
    };
    return "names of the stores differ\n" + both(lines(expected_names), lines(names));
  }
  for (const auto& [name, dump] : recorded.stores) {
    if (dump.kind == "buffer") {
      const std::size_t held_back = driver.held_back(name);
      if (held_back == dump.records) continue;
      return "store " + name + " should hold " + std::to_string(dump.records) +
             " records back, but holds " + std::to_string(held_back);
    }
    std::vector<StoreDump::Entry> actual;
    for (StoreEntry& entry : driver.store(name)) {
      actual.push_back({std::move(entry.key), std::move(entry.value), entry.timestamp,
                        entry.window_start, entry.window_end, entry.valid_to,
                        std::move(entry.headers)});
    }
    if (dump.kind == "window" && dump.format != "plain") {
      // The reference shows a time for the in-memory stores of a join, although they keep none: a
      // record's window starts at its time.
      for (StoreDump::Entry& entry : actual) {
        if (!entry.timestamp) entry.timestamp = entry.window_start;
      }
    }
    if (actual == dump.entries) continue;
    const auto lines = [](const std::vector<StoreDump::Entry>& entries) {
      std::string text;
      for (const StoreDump::Entry& entry : entries) text += "    " + shown(entry) + "\n";
      return text;
    };
    return "store " + name + " differs\n" + both(lines(dump.entries), lines(actual));
  }
  return std::nullopt;
}

std::optional<std::string> replay_steps(TopologyTestDriver& driver, const Case& recorded,
                                        bool strict) {
  std::uint64_t dropped = 0;
  for (std::size_t i = 0; i < recorded.steps.size(); ++i) {
    const Step& step = recorded.steps[i];
    std::string where = "step " + std::to_string(i + 1);
    if (step.pipe) {
      where += ", input " + shown(*step.pipe);
      driver.pipe(*step.pipe);
    } else {
      where += ", wall clock + " + std::to_string(step.advance_wall_clock->count()) + " ms";
      driver.advance_wall_clock_time(*step.advance_wall_clock);
    }
    const std::vector<RawTestRecord> sent = driver.take_sent();
    if (!same_records(step.expect, sent, recorded, strict)) {
      return where + ": records differ\n" + both(shown(step.expect), shown(sent));
    }
    const auto total = static_cast<std::uint64_t>(driver.metric("dropped-records-total"));
    if (total - dropped != step.dropped) {
      return where + ": " + std::to_string(step.dropped) + " records should be dropped, " +
             std::to_string(total - dropped) + " were";
    }
    dropped = total;
  }
  if (dropped != recorded.dropped_total) {
    return std::to_string(recorded.dropped_total) + " records should be dropped in all, " +
           std::to_string(dropped) + " were";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> replay(const Case& recorded, const ReplayOptions& options) {
  const auto build = topologies().find(recorded.topology);
  if (build == topologies().end()) return "unknown topology " + recorded.topology;
  try {
    const Topology topology = build->second();
    const std::string describe = masked(topology.describe().to_string());
    if (describe != masked(recorded.describe)) {
      return "describe() differs\n" + both(recorded.describe, describe);
    }
    TopologyTestDriver driver{
        topology,
        configuration(recorded, options.semantics),
        {.initial_wall_clock_time = recorded.initial_wall_clock, .state_dir = options.state_dir}};
    if (auto difference = replay_steps(driver, recorded, options.strict_order)) return difference;
    return compare_stores(driver, recorded);
  } catch (const std::exception& e) {
    return std::string{"the library threw: "} + e.what();
  }
}

}  // namespace moldau::conformance
