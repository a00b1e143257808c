// Which repartition topics are merged, where the golden topologies do not say.

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau {
namespace {

using ::testing::ElementsAre;
using testing::TopologyTestDriver;
using Text = std::string;
using TextStream = KStream<Text, Text>;

constexpr Optimization merging{.merge_repartition_topics = true};

const auto by_value = [](const Text& v) { return v; };
const auto all = [](const Text&) { return true; };

TextStream stream(StreamsBuilder& b, const char* topic) { return b.stream<Text, Text>(topic); }

std::vector<Text> repartition_topics(const StreamsBuilder& builder, TopologyConfig config) {
  std::vector<Text> names;
  const Topology topology = builder.build(config);
  for (const auto& topic : topology.plan().repartition_topics) names.push_back(topic.name);
  return names;
}

std::vector<Text> repartition_topics(const StreamsBuilder& builder) {
  return repartition_topics(builder, {.optimization = merging});
}

// Stands in for an operator of the user's that changes the key.
class Rekeyed : public Processor<Text, Text, Text, Text> {
 public:
  void process(const Record<Text, Text>& record) override {
    const Text key = "other";
    context().forward(record.with_key(key));
  }
};

TEST(MergedRepartitionTopics, StayIfTheRuleIsNotChosen) {
  StreamsBuilder builder;
  const auto rekeyed = stream(builder, "in").select_key(by_value);
  rekeyed.group_by_key({.name = "a"}).count();
  rekeyed.group_by_key({.name = "b"}).count();

  EXPECT_THAT(repartition_topics(builder, {}), ElementsAre("a-repartition", "b-repartition"));
  EXPECT_THAT(repartition_topics(builder, {.optimization = {.reuse_table_source_topics = true,
                                                            .single_store_self_join = true}}),
              ElementsAre("a-repartition", "b-repartition"));
  EXPECT_THAT(repartition_topics(builder), ElementsAre("a-repartition"));
}

// Here and at the next one the reference throws.
TEST(MergedRepartitionTopics, ServeOperatorsBelowOneFilter) {
  StreamsBuilder builder;
  const auto filtered = stream(builder, "in").select_key(by_value).filter(all);
  filtered.group_by_key({.name = "a"}).count();
  filtered.group_by_key({.name = "b"}).count();

  EXPECT_THAT(repartition_topics(builder), ElementsAre("a-repartition"));
}

TEST(MergedRepartitionTopics, AreBelowTheLastOfSeveralMerges) {
  StreamsBuilder builder;
  stream(builder, "in")
      .select_key(by_value)
      .merge(stream(builder, "in2"))
      .merge(stream(builder, "in3"), {.name = "last"})
      .group_by_key({.name = "a"})
      .count();

  const Topology topology = builder.build({.optimization = merging});

  ASSERT_THAT(repartition_topics(builder), ElementsAre("a-repartition"));
  EXPECT_THAT(topology.plan().find_node("a-repartition-filter")->parents, ElementsAre("last"));
}

// What is repartitioned right after one change of the key would miss what comes from the other.
TEST(MergedRepartitionTopics, AreNotMovedAwayFromRecordsOfAnotherKey) {
  StreamsBuilder builder;
  const auto one = stream(builder, "in").select_key(by_value);
  const auto other = stream(builder, "in2").select_key(by_value);
  one.merge(other).group_by_key({.name = "both"}).count();
  one.group_by_key({.name = "one"}).count();

  EXPECT_THAT(repartition_topics(builder),
              ::testing::UnorderedElementsAre("both-repartition", "one-repartition"));
}

TEST(MergedRepartitionTopics, DoNotTakeTheOnesThatTheProgramAsksFor) {
  StreamsBuilder builder;
  const auto rekeyed = stream(builder, "in").select_key(by_value);
  rekeyed.repartition({.name = "asked"}).to("out");
  rekeyed.group_by_key({.name = "a"}).count();
  rekeyed.group_by_key({.name = "b"}).count();

  EXPECT_THAT(repartition_topics(builder),
              ::testing::UnorderedElementsAre("asked-repartition", "a-repartition"));
}

TEST(MergedRepartitionTopics, MoveToBeforeAProcessorUnlessTheFixIsOn) {
  StreamsBuilder builder;
  const auto rekeyed = stream(builder, "in").select_key(by_value);
  rekeyed.group_by_key({.name = "a"}).count();
  rekeyed.process([] { return Rekeyed{}; }).group_by_key({.name = "b"}).count();

  EXPECT_THAT(repartition_topics(builder), ElementsAre("a-repartition"));
  EXPECT_THAT(
      repartition_topics(builder, {.optimization = merging, .process_process_value_fix = true}),
      ::testing::UnorderedElementsAre("a-repartition", "b-repartition"));
}

TEST(MergedRepartitionTopics, LeaveTheProgramAsItWas) {
  StreamsBuilder builder;
  const auto rekeyed = stream(builder, "in").select_key(by_value);
  rekeyed.group_by_key({.name = "a"}).count();
  rekeyed.group_by_key({.name = "b"}).count();
  const Text before = builder.build().describe().to_string();

  static_cast<void>(builder.build({.optimization = merging}));

  EXPECT_EQ(builder.build().describe().to_string(), before);
}

using Results = std::vector<std::pair<Text, std::int64_t>>;

// All results by topic, of a program that groups a re-keyed stream twice and joins it with itself.
std::vector<Results> results(Optimization optimization) {
  StreamsBuilder builder;
  const auto rekeyed = stream(builder, "in").select_key(by_value);
  rekeyed.group_by_key({.name = "a"}).count().to_stream().to("out-a");
  rekeyed.filter([](const Text& v) { return v != "x"; })
      .group_by_key({.name = "b"})
      .count()
      .to_stream()
      .to("out-b");
  rekeyed
      .join(
          rekeyed, [](const Text&, const Text&) { return std::int64_t{1}; },
          JoinWindows::within(std::chrono::milliseconds{5}))
      .to("out-j");
  TopologyTestDriver driver{
      builder.build({.optimization = optimization}),
      Config{.application_id = "app", .topology = {.optimization = optimization}}};
  auto in = driver.input_topic<Text, Text>("in");
  for (int i = 0; i < 30; ++i) {
    in.pipe("k", i % 3 == 0 ? "x" : "y" + std::to_string(i % 4), Timestamp{i});
  }
  std::vector<Results> all_results;
  for (const char* topic : {"out-a", "out-b", "out-j"}) {
    Results& into = all_results.emplace_back();
    auto out = driver.output_topic<Text, std::int64_t>(topic);
    for (const auto& [key, value] : out.read_key_values()) into.emplace_back(*key, *value);
  }
  return all_results;
}

TEST(MergedRepartitionTopics, ChangeNoResult) {
  const std::vector<Results> as_written = results({});

  EXPECT_EQ(results(Optimization::all()), as_written);
  EXPECT_EQ(as_written[0].size(), 30U);
}

}  // namespace
}  // namespace moldau
