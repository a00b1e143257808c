#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "test_seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

// Left and outer stream-stream joins against a model that looks at all records at once.
namespace moldau::test {
namespace {

using namespace std::chrono_literals;
using Text = std::string;
using Random = std::mt19937_64;

std::int64_t between(Random& random, std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>{from, to}(random);
}

struct Input {
  bool left;
  Text key;
  Text value;  // unique
  std::int64_t time;
};

struct Program {
  bool outer;
  JoinWindows windows;
};

Program random_program(Random& random) {
  // Both ends reach out, so that a store keeps each record as long as it can be matched.
  return {.outer = between(random, 0, 1) == 1,
          .windows = {.before = std::chrono::milliseconds{between(random, 1, 30)},
                      .after = std::chrono::milliseconds{between(random, 1, 30)},
                      .grace = std::chrono::milliseconds{between(random, 0, 40)}}};
}

// No record is later than the grace period. The last ones close all windows of those before.
std::vector<Input> random_inputs(Random& random, const Program& program) {
  std::vector<Input> inputs;
  const std::int64_t grace = program.windows.grace.count();
  std::int64_t highest = 1000;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t time = highest + between(random, -grace, 5);
    highest = std::max(highest, time);
    const bool left = between(random, 0, 1) == 1;
    inputs.push_back({.left = left,
                      .key = Text(1, static_cast<char>('a' + between(random, 0, 3))),
                      .value = (left ? "L" : "R") + std::to_string(i),
                      .time = time});
  }
  // The first may leave some behind: the join looks up to the time its last look ended with.
  for (int i = 0; i < 5; ++i) {
    highest += 1000;
    inputs.push_back({.left = true, .key = "end", .value = "end", .time = highest});
  }
  return inputs;
}

Text shown(const Text* value) { return value == nullptr ? "-" : *value; }

using Result = std::tuple<Text, Text, Text, std::int64_t>;  // key, left, right, time

std::multiset<Result> run(const Program& program, const std::vector<Input>& inputs,
                          Semantics semantics) {
  StreamsBuilder builder;
  const auto left = builder.stream<Text, Text>("l");
  const auto right = builder.stream<Text, Text>("r");
  if (program.outer) {
    left.outer_join(
            right, [](const Text* l, const Text* r) { return shown(l) + " " + shown(r); },
            program.windows)
        .to("out");
  } else {
    left.left_join(
            right, [](const Text& l, const Text* r) { return l + " " + shown(r); }, program.windows)
        .to("out");
  }
  Config config{.application_id = "test"};
  config.semantics = semantics;
  testing::TopologyTestDriver driver{builder.build(), config};
  auto to_left = driver.input_topic<Text, Text>("l");
  auto to_right = driver.input_topic<Text, Text>("r");
  for (const Input& input : inputs) {
    (input.left ? to_left : to_right).pipe(input.key, input.value, Timestamp{input.time});
  }
  std::multiset<Result> results;
  for (const auto& record : driver.output_topic<Text, Text>("out").read_all()) {
    std::istringstream value{*record.value};
    Text l;
    Text r;
    value >> l >> r;
    if (*record.key != "end") results.emplace(*record.key, l, r, record.timestamp.milliseconds());
  }
  return results;
}

// Every pair within the windows once, every record without a pair once.
std::multiset<Result> model(const Program& program, const std::vector<Input>& inputs) {
  std::multiset<Result> results;
  std::set<Text> matched;
  for (const Input& l : inputs) {
    for (const Input& r : inputs) {
      if (!l.left || r.left || l.key != r.key) continue;
      if (r.time < l.time - program.windows.before.count()) continue;
      if (r.time > l.time + program.windows.after.count()) continue;
      results.emplace(l.key, l.value, r.value, std::max(l.time, r.time));
      matched.insert(l.value);
      matched.insert(r.value);
    }
  }
  for (const Input& input : inputs) {
    if (input.key == "end" || matched.contains(input.value)) continue;
    if (input.left) {
      results.emplace(input.key, input.value, "-", input.time);
    } else if (program.outer) {
      results.emplace(input.key, "-", input.value, input.time);
    }
  }
  return results;
}

constexpr int tries = 50;

TEST(OuterJoins, EmitEachPairOnceAndEachRecordThatStaysWithoutOneOnce) {
  Random random{test_seed()};
  for (int i = 0; i < tries; ++i) {
    const Program program = random_program(random);
    const std::vector<Input> inputs = random_inputs(random, program);

    ASSERT_EQ(run(program, inputs, Semantics::complete), model(program, inputs)) << "try " << i;
  }
}

TEST(OuterJoins, SayUnmatchedTooSoonUnderTheReferencesSemantics) {
  Random random{test_seed()};
  int wrong = 0;
  for (int i = 0; i < tries; ++i) {
    const Program program = random_program(random);
    const std::vector<Input> inputs = random_inputs(random, program);

    if (run(program, inputs, Semantics::kafka_streams_4_3) != model(program, inputs)) ++wrong;
  }
  EXPECT_GT(wrong, 0);
}

}  // namespace
}  // namespace moldau::test
