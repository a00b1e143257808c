#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>

// Joins of streams with streams, with tables and with global tables.
namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

const auto cat_both = [](const Text& x, const Text& y) { return cat(&x, &y); };
const auto cat_left = [](const Text& x, const Text* y) { return cat(&x, y); };
const auto cat_outer = [](const Text* x, const Text* y) { return cat(x, y); };
// K/L:R
const auto cat_left_with_key = [](const Text* k, const Text& x, const Text* y) {
  return s(k) + "/" + cat(&x, y);
};
const auto cat_outer_with_key = [](const Text* k, const Text* x, const Text* y) {
  return s(k) + "/" + cat(x, y);
};

using TextJoined = StreamJoined<Text, Text, Text>;
const TextJoined js{.name = "j", .store_name = "js"};
constexpr JoinWindows within_50{.before = 50ms, .after = 50ms, .grace = 20ms};

TextStream left(StreamsBuilder& b) { return b.stream<Text, Text>("left"); }
TextStream right(StreamsBuilder& b) { return b.stream<Text, Text>("right"); }
TextStream upper_first_as_key(const TextStream& stream) {
  return stream.select_key([](const Text* v) {
    const std::optional<Text> letter = first(v);
    return letter ? std::optional{up(*letter)} : std::nullopt;
  });
}

Topology stream_stream_inner() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.join(right(b), cat_both, within_50, js).to("out");
  return b.build();
}

Topology stream_stream_left() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.left_join(right(b), cat_left, within_50, js).to("out");
  return b.build();
}

Topology stream_stream_outer() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.outer_join(right(b), cat_outer_with_key, within_50, js).to("out");
  return b.build();
}

Topology stream_stream_left_asymmetric() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.left_join(right(b), cat_left, {.before = 30ms, .after = 80ms, .grace = 20ms}, js).to("out");
  return b.build();
}

Topology stream_stream_outer_asymmetric() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.outer_join(right(b), cat_outer, {.before = 0ms, .after = 80ms, .grace = 30ms}).to("out");
  return b.build();
}

Topology stream_stream_inner_past_only() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.join(right(b), cat_both, {.before = 60ms, .after = -10ms}, js).to("out");
  return b.build();
}

Topology stream_stream_outer_no_grace() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.outer_join(right(b), cat_outer, JoinWindows::within(50ms), js).to("out");
  return b.build();
}

Topology stream_stream_outer_in_memory() {
  StreamsBuilder b;
  const TextStream l = left(b);
  TextJoined joined = js;
  joined.type = StoreType::in_memory;
  l.outer_join(right(b), cat_outer, within_50, joined).to("out");
  return b.build();
}

Topology stream_stream_left_rekeyed() {
  StreamsBuilder b;
  const TextStream l = upper_first_as_key(left(b));
  l.left_join(upper_first_as_key(right(b)), cat_left, within_50, js).to("out");
  return b.build();
}

Topology stream_stream_self() {
  StreamsBuilder b;
  const TextStream x = b.stream<Text, Text>("in");
  x.join(x, cat_both, within_50, js).to("out");
  return b.build();
}

Topology headers_stream_stream_outer() {
  StreamsBuilder b;
  const TextStream l = left(b);
  l.outer_join(right(b), cat_outer, within_50, js).to("out");
  return b.build();
}

Topology stream_table_inner() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("t", {}, {.name = "tbl"});
  b.stream<Text, Text>("s").join(t, cat_both, {.name = "j"}).to("out");
  return b.build();
}

Topology stream_table_left() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("t");
  b.stream<Text, Text>("s").left_join(t, cat_left_with_key).to("out");
  return b.build();
}

Topology stream_table_rekeyed() {
  StreamsBuilder b;
  const auto t =
      b.table<Text, Text>("t", {}, {.name = "tbl"}).map_values([](const Text& v) { return up(v); });
  b.stream<Text, Text>("s")
      .select_key([](const Text* v) { return first(v); })
      .join(t, cat_both, {.name = "j"})
      .to("out");
  return b.build();
}

Topology stream_table_versioned() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("t", {}, {.name = "vt", .history = 200ms});
  b.stream<Text, Text>("s").left_join(t, cat_left, {.name = "j"}).to("out");
  return b.build();
}

Topology stream_table_versioned_grace() {
  StreamsBuilder b;
  const auto t =
      b.table<Text, Text>("t", {}, {.name = "vt", .history = 200ms, .segment_interval = 50ms});
  b.stream<Text, Text>("s").join(t, cat_both, {.name = "j", .grace = 60ms}).to("out");
  return b.build();
}

Topology stream_table_left_grace() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("t", {}, {.name = "vt", .history = 60ms});
  b.stream<Text, Text>("s").left_join(t, cat_left, {.name = "j", .grace = 60ms}).to("out");
  return b.build();
}

const auto row_of = [](const Text* v) { return before_bar(v); };

Topology stream_globaltable_inner() {
  StreamsBuilder b;
  const auto g = b.global_table<Text, Text>("g", {}, {.name = "gt"});
  b.stream<Text, Text>("s").join(g, row_of, cat_both, {.name = "gj"}).to("out");
  return b.build();
}

Topology stream_globaltable_left() {
  StreamsBuilder b;
  const auto g = b.global_table<Text, Text>("g");
  b.stream<Text, Text>("s").left_join(g, row_of, cat_left_with_key).to("out");
  return b.build();
}

}  // namespace

void add_joins(Topologies& all) {
  all["join.stream_stream_inner"] = stream_stream_inner;
  all["join.stream_stream_left"] = stream_stream_left;
  all["join.stream_stream_outer"] = stream_stream_outer;
  all["join.stream_stream_left_asymmetric"] = stream_stream_left_asymmetric;
  all["join.stream_stream_outer_asymmetric"] = stream_stream_outer_asymmetric;
  all["join.stream_stream_inner_past_only"] = stream_stream_inner_past_only;
  all["join.stream_stream_outer_no_grace"] = stream_stream_outer_no_grace;
  all["join.stream_stream_outer_in_memory"] = stream_stream_outer_in_memory;
  all["join.stream_stream_left_rekeyed"] = stream_stream_left_rekeyed;
  all["join.stream_stream_self"] = stream_stream_self;
  all["headers.stream_stream_outer"] = headers_stream_stream_outer;
  all["join.stream_table_inner"] = stream_table_inner;
  all["join.stream_table_left"] = stream_table_left;
  all["join.stream_table_rekeyed"] = stream_table_rekeyed;
  all["join.stream_table_versioned"] = stream_table_versioned;
  all["join.stream_table_versioned_grace"] = stream_table_versioned_grace;
  all["join.stream_table_left_grace"] = stream_table_left_grace;
  all["join.stream_globaltable_inner"] = stream_globaltable_inner;
  all["join.stream_globaltable_left"] = stream_globaltable_left;
}

}  // namespace moldau::conformance
