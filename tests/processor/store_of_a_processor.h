#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "base/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::test {

using namespace std::chrono_literals;

using Text = std::string;

inline Timestamp at(std::chrono::milliseconds time) { return Timestamp{time}; }

// Takes records, and does nothing with them.
class Idle final : public Processor<Text, Text> {
 public:
  void process(const Record<Text, Text>& /*record*/) override {}
};

// A topology whose one processor has the stores, in RocksDB if they are persistent.
class StoreOfAProcessor : public ::testing::Test {
 protected:
  testing::TopologyTestDriver& open(const UsedStore& store) {
    StreamsBuilder b;
    b.stream<Text, Text>("in").process<Idle>({.stores = {store}});
    driver_.emplace(
        b.build(), Config{.application_id = "app"},
        testing::TestDriverOptions{.initial_wall_clock_time = at(1s), .state_dir = folder_.path()});
    return *driver_;
  }
  // Commits what the test has written.
  void commit() { driver().input_topic<Text, Text>("in").pipe("k", "v", at(0ms)); }
  testing::TopologyTestDriver& driver() { return *driver_; }

 private:
  TemporaryFolder folder_;
  std::optional<testing::TopologyTestDriver> driver_;
};

// "key=value" of each entry.
template <class Entries>
std::vector<Text> listed(Entries entries) {
  std::vector<Text> all;
  for (const auto& [key, value] : entries) all.push_back(key + "=" + value);
  return all;
}

// "key@start-end=value" of each entry.
template <class Entries>
std::vector<Text> listed_windows(Entries entries) {
  std::vector<Text> all;
  for (const auto& [key, value] : entries) {
    all.push_back(key.key + "@" + std::to_string(key.window.start.milliseconds()) + "-" +
                  std::to_string(key.window.end.milliseconds()) + "=" + value);
  }
  return all;
}

// What the call throws, as its text; of another type: a failure.
template <class E, class F>
Text thrown(F call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace moldau::test
