#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>

namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

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

Topology windows_by_start() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 100ms, .grace = 50ms})
      .count({.name = "cnt"})
      .group_by(
          [](const Windowed<Text>& w, Long v) {
            return KeyValue{std::to_string(w.window.start.milliseconds()), v};
          },
          {.name = "bystart"})
      .reduce([](Long x, Long y) { return x + y; }, [](Long x, Long y) { return x - y; },
              {.name = "sum"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology headers_table_and_join() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("t", {}, {.name = "tbl"});
  b.stream<Text, Text>("s")
      .left_join(t, [](const Text& x, const Text* y) { return cat(&x, y); }, {.name = "j"})
      .to("out-1");
  t.group_by(
       [](const Text& k, const Text& v) {
         return KeyValue{v, k};
       },
       {.name = "g"})
      .count({.name = "cnt"})
      .to_stream()
      .to("out-2");
  return b.build();
}

}  // namespace

void add_regrouped_tables(Topologies& all) {
  all["table.groupby_count"] = groupby_count;
  all["table.groupby_caching"] = groupby_count;
  all["table.groupby_reduce"] = groupby_reduce;
  all["table.groupby_aggregate"] = groupby_aggregate;
  all["table.unversioned_groupby_out_of_order"] = unversioned_groupby_out_of_order;
  all["window.table_regroup"] = windows_by_start;
  all["headers.table_and_join"] = headers_table_and_join;
}

}  // namespace moldau::conformance
