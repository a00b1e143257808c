#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/embedded_broker.h"

#include "base/temporary_folder.h"
#include "eventually.h"
#include "streams/noting_logger.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau {

using testing::EmbeddedBroker;

// Longer than any of this takes; ThreadSanitizer makes it some ten times slower.
#ifdef __SANITIZE_THREAD__
inline constexpr std::chrono::seconds patience{120};
#else
inline constexpr std::chrono::seconds patience{20};
#endif

// An application on a broker inside this process, with a state folder of its own. `log` is what it
// warned about.
class EmbeddedApplication : public ::testing::TestWithParam<ProcessingGuarantee> {
 protected:
  explicit EmbeddedApplication(testing::EmbeddedBrokerOptions options = {})
      : broker_(std::move(options)) {}

  [[nodiscard]] Config config() const {
    Config config{.application_id = "app"};
    config.state_dir = folder_.path() / "state";
    config.processing_guarantee = guarantee();
    config.commit_interval = std::chrono::milliseconds{20};
    config.poll_wait = std::chrono::milliseconds{5};
    config.statestore_cache_max_bytes = 0;
    config.logger = logger_;
    return config;
  }

  // exactly_once_v2 unless the test has a parameter.
  [[nodiscard]] static ProcessingGuarantee guarantee() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    return info->value_param() != nullptr ? GetParam() : ProcessingGuarantee::exactly_once_v2;
  }

  [[nodiscard]] std::unique_ptr<Streams> make(Topology topology, Config config) {
    return std::make_unique<Streams>(std::move(topology), std::move(config), broker_.environment());
  }
  [[nodiscard]] std::unique_ptr<Streams> start(Topology topology) {
    return start(std::move(topology), config());
  }
  [[nodiscard]] std::unique_ptr<Streams> start(Topology topology, Config config) {
    auto streams = make(std::move(topology), std::move(config));
    streams->start();
    return streams;
  }

  // Values of a topic by key, the last of each, as a reader of committed records sees them.
  template <class V>
  [[nodiscard]] std::map<std::string, V> latest(const std::string& topic) const {
    std::map<std::string, V> latest;
    for (const auto& record : broker_.read<std::string, V>(topic)) {
      if (record.key && record.value) latest.insert_or_assign(*record.key, *record.value);
    }
    return latest;
  }
  template <class V>
  [[nodiscard]] std::vector<V> values(const std::string& topic) const {
    std::vector<V> values;
    for (const auto& record : broker_.read<std::string, V>(topic)) {
      if (record.value) values.push_back(*record.value);
    }
    return values;
  }

  // The error that the application stopped with.
  [[nodiscard]] static std::string failure_of(const Streams& streams) {
    EXPECT_TRUE(eventually(patience, [&] { return streams.state() == StreamsState::error; }))
        << "the application did not stop; its state is " << name(streams.state());
    return streams.error();
  }
  [[nodiscard]] static bool reaches(const Streams& streams, StreamsState state) {
    return eventually(patience, [&] { return streams.state() == state; });
  }

  EmbeddedBroker broker_;
  TemporaryFolder folder_;
  std::shared_ptr<NotingLogger> logger_ = std::make_shared<NotingLogger>();
};

// For INSTANTIATE_TEST_SUITE_P.
inline auto both_guarantees() {
  return ::testing::Values(ProcessingGuarantee::at_least_once,
                           ProcessingGuarantee::exactly_once_v2);
}
inline std::string name_of_guarantee(const ::testing::TestParamInfo<ProcessingGuarantee>& test) {
  return test.param == ProcessingGuarantee::at_least_once ? "AtLeastOnce" : "ExactlyOnce";
}

inline Topology word_count(StoreType store = StoreType::rocksdb) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("lines")
      .flat_map_values([](const std::string& line) {
        std::vector<std::string> words;
        std::string word;
        for (const char c : line + ' ') {
          if (c != ' ') {
            word += c;
          } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
          }
        }
        return words;
      })
      .group_by([](const std::string& word) { return word; }, {.name = "words"})
      .count({.name = "counts", .type = store})
      .to_stream()
      .to("word-counts");
  return builder.build();
}

}  // namespace moldau
