#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

namespace moldau::conformance {

namespace {

Topology count_kv() {
  StreamsBuilder b;
  b.stream<Text, Text>("in").group_by_key().count({.name = "cnt"}).to_stream().to("out");
  return b.build();
}

Topology reduce_kv() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .reduce([](const Text& x, const Text& y) { return tail(x + "+" + y); }, {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology reduce_to_null() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .reduce([](const Text& x,
                 const Text& y) { return y == "y" ? std::nullopt : std::optional{tail(x + y)}; },
              {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology aggregate_delete() {
  StreamsBuilder b;
  b.stream<Text, Long>("in")
      .group_by_key()
      .aggregate([] { return Text{"i"}; },
                 [](const Text& total, Long v) {
                   return v == 0 ? std::nullopt
                                 : std::optional{tail(total + "," + std::to_string(v))};
                 },
                 {.name = "agg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology sum_long() {
  StreamsBuilder b;
  b.stream<Long, Long>("in")
      .group_by_key()
      .aggregate([] { return Long{0}; }, [](Long total, Long v) { return wrapping_add(total, v); },
                 {.name = "sum"})
      .to_stream([](Long k, const Long*) { return wrapping_add(k, 1); })
      .to("out");
  return b.build();
}

Topology count_unnamed() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .map([](const Text* k, const Text* v) {
        const std::optional<Text> key = first(v);
        return KeyValue<Text, std::optional<Text>>{s(key),
                                                   k != nullptr ? std::optional{*k} : std::nullopt};
      })
      .group_by_key()
      .count()
      .to_stream()
      .to("out");
  return b.build();
}

Topology reduce_in_memory() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .reduce([](const Text& x, const Text& y) { return tail(y + x); },
              {.name = "red", .type = StoreType::in_memory})
      .to_stream()
      .to("out");
  return b.build();
}

Topology count_logging_disabled() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .count({.name = "cnt", .logging = false})
      .to_stream()
      .to("out");
  return b.build();
}

Topology count_caching() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .flat_map([](const Text* k, const Text* v) {
        std::vector<KeyValue<Text, Text>> out;
        if (v != nullptr) out = {{s(k), *v}, {s(k), up(*v)}};
        return out;
      })
      .group_by_key({.name = "g"})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

KGroupedStream<Text, Text> grouped_characters(StreamsBuilder& b) {
  return b.stream<Text, Text>("in")
      .flat_map_values([](const Text* v) { return characters(v); })
      .group_by_key();
}

Topology count_caching_no_repartition() {
  StreamsBuilder b;
  grouped_characters(b).count({.name = "cnt"}).to_stream().to("out");
  return b.build();
}

Topology caching_disabled_on_store() {
  StreamsBuilder b;
  grouped_characters(b).count({.name = "cnt", .caching = false}).to_stream().to("out");
  return b.build();
}

Topology several_stores() {
  StreamsBuilder b;
  const auto g = b.stream<Text, Text>("in")
                     .flat_map_values([](const Text& v) {
                       return std::vector<Text>{v, v + "2", v + "3"};
                     })
                     .group_by_key();
  g.count({.name = "zcnt"}).to_stream().to("out");
  g.aggregate([] { return Long{0}; },
              [](Long total, const Text& v) { return total + static_cast<Long>(v.size()); },
              {.name = "alen"})
      .to_stream()
      .to("out");
  return b.build();
}

}  // namespace

void add_aggregations(Topologies& all) {
  all["agg.count_kv"] = count_kv;
  all["agg.reduce_kv"] = reduce_kv;
  all["agg.reduce_to_null"] = reduce_to_null;
  all["agg.aggregate_delete"] = aggregate_delete;
  all["agg.sum_long"] = sum_long;
  all["agg.count_unnamed"] = count_unnamed;
  all["agg.reduce_in_memory"] = reduce_in_memory;
  all["agg.count_logging_disabled"] = count_logging_disabled;
  all["agg.count_caching"] = count_caching;
  all["agg.count_caching_no_repartition"] = count_caching_no_repartition;
  all["agg.caching_disabled_on_store"] = caching_disabled_on_store;
  all["cache.several_stores"] = several_stores;
}

}  // namespace moldau::conformance
