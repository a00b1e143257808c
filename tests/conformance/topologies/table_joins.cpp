#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>

namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

using TextTable = KTable<Text, Text>;
using TextRows = Materialized<Text, Text>;

const auto cat_inner = [](const Text& a, const Text& b) { return cat(&a, &b); };
const auto cat_left = [](const Text& a, const Text* b) { return cat(&a, b); };
const auto cat_outer = [](const Text* a, const Text* b) { return cat(a, b); };
const auto foreign_key = [](const Text& v) { return before_bar(&v); };

TextTable table(StreamsBuilder& b, const char* topic, TextRows rows = {}) {
  return b.table<Text, Text>(topic, {}, std::move(rows));
}

Topology table_table_inner() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  left.join(table(b, "right", {.name = "rt"}), cat_inner).to_stream().to("out");
  return b.build();
}

Topology table_table_left() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  left.left_join(table(b, "right", {.name = "rt"}), cat_left).to_stream().to("out");
  return b.build();
}

Topology table_table_outer() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  left.outer_join(table(b, "right", {.name = "rt"}), cat_outer).to_stream().to("out");
  return b.build();
}

Topology table_table_materialized() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  left.outer_join(table(b, "right", {.name = "rt"}), cat_outer, {.name = "joined"}, {.name = "jt"})
      .filter([](const Text& v) { return v.size() % 2 == 1; })
      .to_stream()
      .to("out");
  return b.build();
}

Topology table_table_caching() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  left.join(table(b, "right", {.name = "rt"}), cat_inner, {.name = "joined"}, {.name = "jt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology table_table_chain() {
  StreamsBuilder b;
  const auto t1 = table(b, "t1");
  const auto t2 = table(b, "t2");
  const auto t3 = table(b, "t3");
  const auto mapped = t2.map_values([](const Text& v) { return up(v); });
  const auto joined = t1.join(mapped, cat_inner);
  const auto filtered = t3.filter([](const Text& v) { return v.size() > 1; });
  joined.left_join(filtered, cat_left).to_stream().to("out");
  return b.build();
}

Topology table_table_self() {
  StreamsBuilder b;
  const auto t = table(b, "t", {.name = "tbl"});
  t.join(t.map_values([](const Text& v) { return up(v); }), cat_inner).to_stream().to("out");
  return b.build();
}

Topology table_table_versioned() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt", .history = 300ms});
  const auto right = table(b, "right", {.name = "rt", .history = 300ms});
  left.outer_join(right, cat_outer).to_stream().to("out");
  return b.build();
}

Topology fk_inner() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  const auto right = table(b, "right", {.name = "rt"});
  left.join(right, foreign_key, cat_inner, {.name = "fk"}, {.name = "res"}).to_stream().to("out");
  return b.build();
}

Topology fk_left() {
  StreamsBuilder b;
  const auto left = table(b, "left");
  const auto right = table(b, "right");
  left.left_join(right, foreign_key, cat_left).to_stream().to("out");
  return b.build();
}

Topology fk_key_value_extractor() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt"});
  const auto right = table(b, "right", {.name = "rt"});
  const auto extractor = [](const Text& k, const Text& v) {
    return k == "b" ? std::optional<Text>{"z"} : before_bar(&v);
  };
  left.join(right, extractor, cat_inner, {.name = "fk"}, {.name = "res"})
      .map_values([](const Text& v) { return v + "!"; })
      .to_stream()
      .to("out");
  return b.build();
}

Topology fk_self() {
  StreamsBuilder b;
  const auto t = table(b, "t", {.name = "tbl"});
  t.left_join(t, foreign_key, cat_left, {.name = "fk"}, {.name = "res"}).to_stream().to("out");
  return b.build();
}

Topology fk_versioned() {
  StreamsBuilder b;
  const auto left = table(b, "left", {.name = "lt", .history = 300ms});
  const auto right = table(b, "right", {.name = "rt", .history = 300ms});
  left.join(right, foreign_key, cat_inner, {.name = "fk"}).to_stream().to("out");
  return b.build();
}

}  // namespace

void add_table_joins(Topologies& all) {
  all["join.table_table_inner"] = table_table_inner;
  all["join.table_table_left"] = table_table_left;
  all["join.table_table_outer"] = table_table_outer;
  all["join.table_table_materialized"] = table_table_materialized;
  all["join.table_table_caching"] = table_table_caching;
  all["join.table_table_chain"] = table_table_chain;
  all["join.table_table_self"] = table_table_self;
  all["join.table_table_versioned"] = table_table_versioned;
  all["join.fk_inner"] = fk_inner;
  all["join.fk_left"] = fk_left;
  all["join.fk_key_value_extractor"] = fk_key_value_extractor;
  all["join.fk_self"] = fk_self;
  all["join.fk_caching"] = fk_inner;  // the configuration is what differs
  all["join.fk_versioned"] = fk_versioned;
}

}  // namespace moldau::conformance
