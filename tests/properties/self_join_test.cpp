#include "moldau/moldau.h"
#include "moldau/processor/nodes/sink.h"
#include "moldau/processor/nodes/stream_stream_join.h"
#include "moldau/processor/source.h"
#include "moldau/testing/topology_test_driver.h"
#include "moldau/topology/plan_builder.h"

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

Topology on_two_stores(const JoinWindows& windows) {
  StreamsBuilder builder;
  const auto stream = builder.stream<Text, Text>("in");
  stream.join(stream, both, windows).to("out");
  return builder.build();
}

// As the rule single.store.self.join leaves it.
Topology on_one_store(const JoinWindows& windows) {
  using namespace processor;
  using Join = SelfJoinNode<JoinKind::inner, Text, Text, std::decay_t<decltype(both)>>;
  const JoinReach reach{.before = windows.before, .after = windows.after, .grace = windows.grace};
  topology::PlanBuilder builder;
  builder.add_source("source", {"in"}, AutoOffsetReset::from_config,
                     make_factory<SourceNode<Text, Text>>({}));
  builder.add_processor("window", {"source"},
                        make_factory<JoinWindowNode<Text, Text>>({{}, {}, {"store"}}));
  builder.add_processor("join", {"window"},
                        make_factory<Join>({both, {}, {}, {reach, "store", {}, {}}}));
  builder.add_sink("sink", "out", {"join"},
                   make_factory<SinkNode<Text, Text>>({FixedTopic{"out"}, {}, {}}));
  builder.add_state_store({.name = "store",
                           .layout = state::ValueLayout::plain,
                           .caching = false,
                           .kind = state::StoreKind::window,
                           .retention = reach.retention(),
                           .window_size = windows.before + windows.after,
                           .retain_duplicates = true});
  builder.connect_store("window", "store");
  builder.connect_store("join", "store");
  return builder.build();
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
    const JoinWindows windows{.before = std::chrono::milliseconds{between(random, 0, 20)},
                              .after = std::chrono::milliseconds{between(random, 0, 20)},
                              .grace = std::chrono::milliseconds{between(random, 0, 20)}};
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

    ASSERT_EQ(run(on_one_store(windows), inputs), run(on_two_stores(windows), inputs))
        << "try " << i;
  }
}

}  // namespace
}  // namespace moldau::test
