// Programs built with all rewrites are described as by the reference: tests/golden/rewrites.json.

#include "moldau/moldau.h"

#include "golden_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using Text = std::string;
using TextStream = KStream<Text, Text>;
using TextTable = KTable<Text, Text>;
using Program = std::function<void(StreamsBuilder&)>;

constexpr JoinWindows within_1s = JoinWindows::within(1s);

const auto by_value = [](const Text& v) { return v; };
const auto all = [](const Text&) { return true; };
const auto last = [](const Text&, const Text& v) { return v; };
const auto both = [](const Text& x, const Text& y) { return x + y; };
const auto left_and_maybe = [](const Text& x, const Text* y) { return y == nullptr ? x : x + *y; };
const auto empty = [] { return Text{}; };

TextStream stream(StreamsBuilder& b, const char* topic) { return b.stream<Text, Text>(topic); }
TextStream rekeyed(StreamsBuilder& b, const char* topic) {
  return stream(b, topic).select_key(by_value);
}
TextTable table(StreamsBuilder& b, const char* topic) { return b.table<Text, Text>(topic); }

class Same : public Processor<Text, Text, Text, Text> {
 public:
  void process(const Record<Text, Text>& record) override { context().forward(record); }
};
class SameKey : public FixedKeyProcessor<Text, Text, Text> {
 public:
  void process(const FixedKeyRecord<Text, Text>& record) override { context().forward(record); }
};

void self_join_left_rekeyed(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.left_join(s, left_and_maybe, within_1s, {.name = "j"}).to("o");
}

void self_join_of_two_sources(StreamsBuilder& b) {
  const auto s = stream(b, "in");
  s.outer_join(
       stream(b, "in"), [](const Text* x, const Text*) { return *x; }, within_1s)
      .to("o");
}

void self_join_beside_others(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.join(s, both, within_1s, {.store_name = "w"}).to("o1");
  s.join(stream(b, "r"), both, within_1s).to("o2");
  s.group_by_key().count();
}

void cogroup_of_two(StreamsBuilder& b) {
  const auto x = rekeyed(b, "in").group_by_key({.name = "x"});
  x.cogroup<Text>(both)
      .cogroup(rekeyed(b, "in2").group_by_key({.name = "y"}), both)
      .aggregate(empty, {})
      .to_stream()
      .to("o");
}

void cogroup_of_one_stream(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.group_by_key()
      .cogroup<Text>(both)
      .cogroup(s.filter(all).group_by_key(), both)
      .aggregate(empty, {})
      .to_stream()
      .to("o");
}

void table_of_a_stream_joined_with_it(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  const auto t = s.to_table({}, {.name = "tt"});
  s.join(t, both, {.name = "jj"}).select_key(by_value).group_by_key({.name = "z"}).count();
}

void repartition_stays(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.repartition({.name = "r"}).group_by_key({.name = "q"}).count();
  s.group_by_key({.name = "z"}).count();
}

void two_changes_of_the_key(StreamsBuilder& b) {
  const auto s =
      rekeyed(b, "in").filter(all).select_key([](const Text& k, const Text&) { return k; });
  s.group_by_key().count();
  s.peek([](const Text&) {}).group_by_key().reduce(last);
}

void one_change_behind_a_topic(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.group_by_key()
      .count({})
      .to_stream()
      .map_values([](std::int64_t v) { return std::to_string(v); })
      .select_key(by_value)
      .group_by_key()
      .count();
  s.filter(all).group_by_key().count();
}

void left_join_with_a_table(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.left_join(table(b, "t"), left_and_maybe).to("o");
  s.filter(all).group_by_key({.name = "g"}).windowed_by(TimeWindows{.size = 1s}).count();
}

void merge_of_one_rekeyed(StreamsBuilder& b) {
  const auto in1 = stream(b, "in1");
  const auto m = in1.merge(rekeyed(b, "in2"));
  m.group_by_key().count();
  m.filter(all).group_by_key().count();
}

void reused_sources(StreamsBuilder& b) {
  const auto a = table(b, "a");
  const auto d = table(b, "d");
  a.left_join(d, left_and_maybe).to_stream().to("o1");
  a.left_join(table(b, "f"), by_value, left_and_maybe).to_stream().to("o2");
  d.filter(all, {.name = "kept"})
      .group_by([](const Text& k, const Text& v) {
        return KeyValue<Text, Text>{v, k};
      })
      .count();
  const auto h = b.table<Text, Text>("h", {}, {.name = "hist", .history = 10min});
  stream(b, "s").join(h, both).to("o3");
  table(b, "unused");
}

void processors(StreamsBuilder& b) {
  const auto s = rekeyed(b, "in");
  s.group_by_key({.name = "a"}).count();
  s.process_values([] { return SameKey{}; }).group_by_key({.name = "b"}).count();
  s.process([] { return Same{}; }).group_by_key({.name = "c"}).count();
}

const std::map<Text, Program>& programs() {
  static const std::map<Text, Program> all_programs = {
      {"self_join_left_rekeyed", self_join_left_rekeyed},
      {"self_join_of_two_sources", self_join_of_two_sources},
      {"self_join_beside_others", self_join_beside_others},
      {"cogroup_of_two", cogroup_of_two},
      {"cogroup_of_one_stream", cogroup_of_one_stream},
      {"table_of_a_stream_joined_with_it", table_of_a_stream_joined_with_it},
      {"repartition_stays", repartition_stays},
      {"two_changes_of_the_key", two_changes_of_the_key},
      {"one_change_behind_a_topic", one_change_behind_a_topic},
      {"left_join_with_a_table", left_join_with_a_table},
      {"merge_of_one_rekeyed", merge_of_one_rekeyed},
      {"reused_sources", reused_sources},
      {"processors_looked_through", processors},
      {"processors_fixed", processors},
  };
  return all_programs;
}

class GoldenRewrite : public ::testing::TestWithParam<nlohmann::json> {};

TEST_P(GoldenRewrite, IsDescribedAsByTheReference) {
  const auto name = GetParam()["name"].get<Text>();
  StreamsBuilder builder;
  programs().at(name)(builder);

  const Topology topology = builder.build(
      {.optimization = Optimization::all(), .process_process_value_fix = name.ends_with("_fixed")});

  EXPECT_EQ(topology.describe().to_string(), GetParam()["describe"].get<Text>());
}

std::vector<nlohmann::json> recorded() {
  return test::golden_file("rewrites.json").get<std::vector<nlohmann::json>>();
}

TEST(GoldenRewrites, AreAllCompared) { EXPECT_EQ(recorded().size(), programs().size()); }

INSTANTIATE_TEST_SUITE_P(All, GoldenRewrite, ::testing::ValuesIn(recorded()),
                         [](const auto& entry) {
                           return entry.param["name"].template get<Text>();
                         });

}  // namespace
}  // namespace moldau
