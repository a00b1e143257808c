#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

namespace moldau::conformance {

namespace {

using ByFirst = KeyValue<std::optional<Text>, Text>;

KTable<Text, Text> source(StreamsBuilder& b) {
  return b.table<Text, Text>("in", {}, {.name = "tbl"});
}

ByFirst by_first(const Text& v) { return {first(&v), v}; }

Topology groupby_count() {
  StreamsBuilder b;
  source(b).group_by(by_first, {.name = "g"}).count({.name = "cnt"}).to_stream().to("out");
  return b.build();
}

Topology groupby_reduce() {
  StreamsBuilder b;
  source(b)
      .group_by(
          [](const Text& k, const Text& v) {
            return ByFirst{first(&v), k + v};
          },
          {.name = "g"})
      .reduce([](const Text& a, const Text& v) { return tail(a + "+" + v); },
              [](const Text& a, const Text& v) { return tail(a + "-" + v); }, {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

KeyValue<std::optional<Text>, Long> by_parity(const Long& v) {
  if (v == 4) return {std::nullopt, v};
  return {v % 2 == 0 ? "even" : "odd", v};
}

Topology groupby_aggregate() {
  StreamsBuilder b;
  b.table<Text, Long>("in", {}, {.name = "tbl"})
      .group_by(by_parity, {.name = "g"})
      .aggregate([] { return Text{}; },
                 [](const Text& a, const Long& v) { return tail(a + "+" + std::to_string(v)); },
                 [](const Text& a, const Long& v) { return tail(a + "-" + std::to_string(v)); },
                 {.name = "agg"}, {.name = "ag"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology unversioned_groupby_out_of_order() {
  StreamsBuilder b;
  source(b)
      .filter([](const Text& v) { return v != "q"; })
      .map_values([](const Text& v) { return up(v); })
      .group_by(by_first, {.name = "g"})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

}  // namespace

void add_regrouped_tables(Topologies& all) {
  all["table.groupby_count"] = groupby_count;
  all["table.groupby_caching"] = groupby_count;
  all["table.groupby_reduce"] = groupby_reduce;
  all["table.groupby_aggregate"] = groupby_aggregate;
  all["table.unversioned_groupby_out_of_order"] = unversioned_groupby_out_of_order;
}

}  // namespace moldau::conformance
