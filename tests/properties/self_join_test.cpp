#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "test_seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

// A stream joined with itself: one store must lead to what two stores lead to, in the same order.
namespace moldau::test {
namespace {

using Text = std::string;
using Random = std::mt19937_64;

struct Input {
  Text key;
  Text value;
  std::int64_t time;
};

std::int64_t between(Random& random, std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>{from, to}(random);
}

const auto both = [](const Text& l, const Text& r) { return l + "|" + r; };

Topology joined_with_itself(const JoinWindows& windows, bool on_one_store) {
  StreamsBuilder builder;
  const auto stream = builder.stream<Text, Text>("in");
  stream.join(stream, both, windows).to("out");
  return builder.build({.optimization = {.single_store_self_join = on_one_store}});
}

std::vector<std::pair<Text, std::int64_t>> run(const Topology& topology,
                                               const std::vector<Input>& inputs) {
  testing::TopologyTestDriver driver{topology};
  auto in = driver.input_topic<Text, Text>("in");
  for (const Input& input : inputs) in.pipe(input.key, input.value, Timestamp{input.time});
  std::vector<std::pair<Text, std::int64_t>> results;
  for (const auto& record : driver.output_topic<Text, Text>("out").read_all()) {
    results.emplace_back(*record.value, record.timestamp.milliseconds());
  }
  return results;
}

TEST(SelfJoins, LeadToTheSameOnOneStoreAsOnTwo) {
  Random random{test_seed()};
  for (int i = 0; i < 50; ++i) {
    // With less grace, records as far apart as the stores go back meet or do not: that depends on
    // which store has heard of the later one.
    const JoinWindows windows{.before = std::chrono::milliseconds{between(random, 0, 20)},
                              .after = std::chrono::milliseconds{between(random, 0, 20)},
                              .grace = std::chrono::milliseconds{between(random, 2, 20)}};
    std::vector<Input> inputs;
    std::int64_t highest = 1000;
    // Older records have left the stores. On one store a record loses itself a millisecond before
    // that, as in the reference.
    const std::int64_t kept = (windows.before + windows.after + windows.grace).count() - 2;
    const std::int64_t back = std::clamp(kept, std::int64_t{0}, std::int64_t{30});
    for (int n = 0; n < 100; ++n) {
      const std::int64_t time = highest + between(random, -back, 5);
      highest = std::max(highest, time);
      inputs.push_back(
          {Text(1, static_cast<char>('a' + between(random, 0, 2))), std::to_string(n), time});
    }

    ASSERT_EQ(run(joined_with_itself(windows, true), inputs),
              run(joined_with_itself(windows, false), inputs))
        << "try " << i << ", before " << windows.before.count() << ", after "
        << windows.after.count() << ", grace " << windows.grace.count();
  }
}

}  // namespace
}  // namespace moldau::test
