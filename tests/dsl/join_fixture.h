#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::test {

using namespace std::chrono_literals;
using Text = std::string;
using TextStream = KStream<Text, Text>;
using Texts = std::vector<std::string>;

// Shorter than nullopt, in lists of keys and values.
inline constexpr std::nullopt_t none = std::nullopt;

inline std::string shown(const Text* text) { return text == nullptr ? "-" : *text; }
inline std::string shown(const std::optional<Text>& text) { return text.value_or("-"); }

// Joiners that show what they were given.
inline const auto both = [](const Text& l, const Text& r) { return l + "|" + r; };
inline const auto left_and_maybe = [](const Text& l, const Text* r) { return l + "|" + shown(r); };
inline const auto any = [](const Text* l, const Text* r) { return shown(l) + "|" + shown(r); };

// Runs a program that reads from some topics and writes to "out".
class JoinTest : public ::testing::Test {
 protected:
  void run(const StreamsBuilder& builder, Semantics semantics = Semantics::kafka_streams_4_3) {
    Config config{.application_id = "test"};
    config.semantics = semantics;
    run(builder, config);
  }
  void run(const StreamsBuilder& builder, const Config& config) {
    driver_ = std::make_unique<moldau::testing::TopologyTestDriver>(builder.build(), config);
  }

  moldau::testing::TopologyTestDriver& driver() { return *driver_; }

  // Pipes one record and returns what came out, as `key=value@time`.
  Texts pipe(const std::string& topic, const std::optional<Text>& key,
             const std::optional<Text>& value, std::chrono::milliseconds time,
             const Headers& headers = {}) {
    driver_->input_topic<Text, Text>(topic).pipe({key, value, Timestamp{time}, headers});
    Texts out;
    for (const auto& record : driver_->output_topic<Text, Text>("out").read_all()) {
      std::string text = shown(record.key) + "=" + shown(record.value) + "@" +
                         std::to_string(record.timestamp.milliseconds());
      for (const Header& header : record.headers) text += " " + header.key;
      out.push_back(std::move(text));
    }
    return out;
  }

  [[nodiscard]] double dropped() const { return driver_->metric("dropped-records-total"); }

 private:
  std::unique_ptr<moldau::testing::TopologyTestDriver> driver_;
};

}  // namespace moldau::test
