#pragma once

#include "dsl/join_fixture.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace moldau::test {

using TextTable = KTable<Text, Text>;

// Runs a program whose results go to "out". Caches are off: each change shows.
class TableTest : public JoinTest {
 protected:
  void start(const std::function<void(StreamsBuilder&)>& program,
             Semantics semantics = Semantics::complete, std::size_t cache = 0) {
    StreamsBuilder builder;
    program(builder);
    Config config{.application_id = "test"};
    config.semantics = semantics;
    config.statestore_cache_max_bytes = cache;
    run(builder, config);
  }

  Texts pipe(const std::optional<Text>& key, const std::optional<Text>& value,
             std::chrono::milliseconds time) {
    return JoinTest::pipe("in", key, value, time);
  }
};

inline std::optional<Text> number_shown(const std::int64_t* number) {
  return number == nullptr ? std::nullopt : std::optional{std::to_string(*number)};
}

}  // namespace moldau::test
