#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>
#include <optional>
#include <vector>

// What topology.optimization rewrites, each with the rewrites and without them; and how operators,
// stores and topics get their names.
namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

constexpr TopologyConfig rewritten{.optimization = Optimization::all()};

const auto first_of = [](const Text* v) { return first(v); };
const auto upper = [](const Text* v) { return up(v); };
const auto append = [](const Text& p, const Text& q) { return tail(p + q); };
const auto cat_both = [](const Text& x, const Text& y) { return cat(&x, &y); };
const auto cat_left = [](const Text& x, const Text* y) { return cat(&x, y); };
const auto swapped = [](const Text& k, const Text& v) { return KeyValue<Text, Text>{v, k}; };
const auto longer_than_one = [](const Text& v) { return v.size() > 1; };

Topology merge_repartition(const TopologyConfig& config) {
  StreamsBuilder b;
  const auto x = b.stream<Text, Text>("in").select_key(first_of);
  x.group_by_key({.name = "g1"}).count({.name = "cnt"}).to_stream().to("out-1");
  x.map_values(upper)
      .group_by_key({.name = "g2"})
      .reduce(append, {.name = "red"})
      .to_stream()
      .to("out-2");
  x.group_by_key({.name = "g3"})
      .windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .count({.name = "wcnt"})
      .to_stream()
      .to("out-3");
  return b.build(config);
}

Topology merge_two_sources(const TopologyConfig& config) {
  StreamsBuilder b;
  const auto in1 =
      b.stream<Text, Text>("in1").select_key([](const Text* v) { return s(first(v)); });
  const auto m = in1.merge(b.stream<Text, Text>("in2"));
  m.group_by_key({.name = "g1"}).count({.name = "cnt"}).to_stream().to("out-1");
  m.group_by_key({.name = "g2"}).reduce(append, {.name = "red"}).to_stream().to("out-2");
  return b.build(config);
}

Topology reuse_source_topic(const TopologyConfig& config) {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("t", {}, {.name = "tbl"});
  t.filter(longer_than_one, {.name = "flt"}).to_stream().to("out-1");
  b.stream<Text, Text>("s").left_join(t, cat_left).to("out-2");
  return b.build(config);
}

Topology self_join() {
  StreamsBuilder b;
  const auto x = b.stream<Text, Text>("in");
  x.join(x, cat_both, {.before = 50ms, .after = 50ms, .grace = 20ms},
         {.name = "j", .store_name = "js"})
      .to("out");
  return b.build(rewritten);
}

Topology all_generated() {
  StreamsBuilder b;
  const auto x = b.stream<Text, Text>("in1");
  const auto t = b.table<Text, Text>("in2");
  const auto g = b.global_table<Text, Text>("in3");
  const auto rekeyed = x.filter([](const Text* v) { return v != nullptr; }).select_key(first_of);
  const auto y = rekeyed.merge(x.map_values([](const Text* v) { return s(v); }));
  y.join(t, cat_both).peek([](const Text&) {}).to("out-1");
  y.left_join(
       g, [](const Text* k, const Text*) { return k ? std::optional{*k} : std::nullopt; }, cat_left)
      .flat_map_values([](const Text& v) { return std::vector{v}; })
      .to("out-2");
  y.group_by([](const Text& v) { return v; })
      .windowed_by(TimeWindows{.size = 100ms})
      .count()
      .to_stream([](const WindowedText& w, const Long*) { return wk(w); })
      .to("out-3");
  t.filter(longer_than_one).group_by(swapped).count().to_stream().to("out-4");
  y.left_join(x, cat_left, {.before = 20ms, .after = 20ms}).to("out-5");
  return b.build();
}

Topology named_operators() {
  StreamsBuilder b;
  const auto x = b.stream<Text, Text>("in1", {.name = "Source-1"});
  const auto t = b.table<Text, Text>("in2", {.name = "Table-2"});
  const auto y = x.filter([](const Text*) { return true; }, {.name = "Flt"})
                     .select_key(first_of, {.name = "Key"})
                     .map_values(upper, {.name = "Map"});
  y.group_by_key({.name = "Grp"})
      .count({}, {.name = "Cnt"})
      .to_stream({.name = "Ts"})
      .to("out-1", {.name = "Sink-1"});
  y.join(t, cat_both, {.name = "Stj"}).to("out-2", {.name = "Sink-2"});
  y.join(x, cat_both, {.before = 20ms, .after = 20ms}, {.name = "Ssj"})
      .to("out-3", {.name = "Sink-3"});
  t.filter(longer_than_one, Named{"Tf"})
      .group_by(swapped, {.name = "Tg"})
      .count(Named{"Tc"})
      .to_stream({.name = "Ts2"})
      .to("out-4", {.name = "Sink-4"});
  return b.build();
}

}  // namespace

void add_optimized(Topologies& all) {
  all["optimized.merge_repartition"] = [] { return merge_repartition(rewritten); };
  all["optimized.merge_repartition_off"] = [] { return merge_repartition({}); };
  all["optimized.merge_two_sources"] = [] { return merge_two_sources(rewritten); };
  all["optimized.merge_two_sources_off"] = [] { return merge_two_sources({}); };
  all["optimized.reuse_source_topic"] = [] { return reuse_source_topic(rewritten); };
  all["optimized.reuse_source_topic_off"] = [] { return reuse_source_topic({}); };
  all["join.stream_stream_self_optimized"] = self_join;
  all["naming.all_generated"] = all_generated;
  all["naming.named_operators"] = named_operators;
}

}  // namespace moldau::conformance
