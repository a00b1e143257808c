#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::test {

using namespace std::chrono_literals;
using Text = std::string;
using Texts = std::vector<std::string>;

// Shorter than nullopt, in lists of keys and values.
inline constexpr std::nullopt_t none = std::nullopt;

inline Text shown(const Text* text) { return text == nullptr ? "-" : *text; }
inline Text no_values() { return {}; }
inline Text add_value(Text values, const Text* value) { return std::move(values) + shown(value); }
inline Text join_values(Text values, const Text& others) { return std::move(values) + others; }

// The values of each window of a stream, one behind the other.
template <class K, class Windows>
KTable<Windowed<K>, Text> values_in(const KGroupedStream<K, Text>& grouped, const Windows& windows,
                                    EmitStrategy emit = EmitStrategy::on_window_update,
                                    Materialized<K, Text> store = {}) {
  const auto windowed = grouped.windowed_by(windows).emit_strategy(emit);
  if constexpr (std::same_as<Windows, SessionWindows>) {
    return windowed.aggregate(no_values, add_value, join_values, std::move(store));
  } else {
    return windowed.aggregate(no_values, add_value, std::move(store));
  }
}

// Runs a program from topic "in" to topic "out", whose keys are windowed.
class WindowTest : public ::testing::Test {
 protected:
  static Config config() {
    Config config{.application_id = "test"};
    config.default_timestamp_extractor = TimestampPolicy::log_and_skip;
    return config;
  }

  template <class Windows>
  void run(const Windows& windows, EmitStrategy emit = EmitStrategy::on_window_update,
           const Config& config = WindowTest::config()) {
    StreamsBuilder builder;
    values_in(builder.stream<Text, Text>("in").group_by_key(), windows, emit).to_stream().to("out");
    start(builder, windows, config);
  }

  template <class Windows>
  void start(const StreamsBuilder& builder, const Windows& windows,
             const Config& config = WindowTest::config()) {
    serde_ = key_serde(windows);
    driver_ = std::make_unique<testing::TopologyTestDriver>(builder.build(), config);
  }

  // Pipes one record and returns what came out, as `key@start-end=values@time`.
  Texts pipe(const std::optional<Text>& key, const std::optional<Text>& value,
             std::chrono::milliseconds time) {
    return pipe("in", key, value, time);
  }
  Texts pipe(const Text& topic, const std::optional<Text>& key, const std::optional<Text>& value,
             std::chrono::milliseconds time) {
    driver_->input_topic<Text, Text>(topic).pipe(key, value, Timestamp{time});
    Texts out;
    for (const auto& record :
         driver_->output_topic<Windowed<Text>, Text>("out", serde_).read_all()) {
      const auto& [inner, window] = *record.key;
      out.push_back(inner + "@" + std::to_string(window.start.milliseconds()) + "-" +
                    std::to_string(window.end.milliseconds()) + "=" + record.value.value_or("-") +
                    "@" + std::to_string(record.timestamp.milliseconds()));
    }
    return out;
  }

  [[nodiscard]] double dropped() const { return driver_->metric("dropped-records-total"); }

 private:
  static AnySerde<Windowed<Text>> key_serde(const TimeWindows& windows) {
    return time_windowed_serde<Text>(windows.size);
  }
  static AnySerde<Windowed<Text>> key_serde(const SlidingWindows& windows) {
    return time_windowed_serde<Text>(windows.time_difference);
  }
  static AnySerde<Windowed<Text>> key_serde(const SessionWindows&) {
    return session_windowed_serde<Text>();
  }
  static AnySerde<Windowed<Text>> key_serde(const UnlimitedWindows&) {
    return time_windowed_serde<Text>(std::chrono::milliseconds::max());
  }

  AnySerde<Windowed<Text>> serde_;
  std::unique_ptr<testing::TopologyTestDriver> driver_;
};

}  // namespace moldau::test
