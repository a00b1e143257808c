#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Each function is the listing of the same name in TOPOLOGIES.md, in the same order of calls:
// generated names count operators.
namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

KGroupedStream<Text, Text> texts(StreamsBuilder& b) {
  return b.stream<Text, Text>("in").group_by_key();
}
KGroupedStream<Text, Long> longs(StreamsBuilder& b) {
  return b.stream<Text, Long>("in").group_by_key();
}

Long zero() { return 0; }
Text append(const Text& total, Long v) { return tail(total + std::to_string(v)); }
Text join(const Text& x, const Text& y) { return tail(x + y); }

Topology tumbling_count_grace() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology tumbling_reduce_no_grace() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(TimeWindows{.size = 100ms})
      .reduce(
          [](const Text& x, const Text* y) {
            return y != nullptr && *y == "y" ? std::nullopt : std::optional{tail(x + s(y))};
          },
          {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology hopping_aggregate() {
  StreamsBuilder b;
  longs(b)
      .windowed_by(TimeWindows{.size = 100ms, .advance = 40ms, .grace = 20ms})
      .aggregate(zero, wrapping_add, {.name = "agg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology hopping_count_even() {
  StreamsBuilder b;
  texts(b).windowed_by(TimeWindows{.size = 100ms, .advance = 50ms}).count().to_stream().to("out");
  return b.build();
}

Topology sliding_reduce() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SlidingWindows{.time_difference = 50ms, .grace = 25ms})
      .reduce(join, {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology sliding_count_no_grace() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SlidingWindows{.time_difference = 50ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology sliding_aggregate_in_memory() {
  StreamsBuilder b;
  longs(b)
      .windowed_by(SlidingWindows{.time_difference = 100ms, .grace = 40ms})
      .aggregate([] { return Text{}; }, append,
                 {.name = "agg", .type = StoreType::in_memory, .retention = 400ms})
      .to_stream()
      .to("out");
  return b.build();
}

Topology session_count() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SessionWindows{.inactivity_gap = 50ms, .grace = 40ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology session_aggregate() {
  StreamsBuilder b;
  longs(b)
      .windowed_by(SessionWindows{.inactivity_gap = 60ms, .grace = 30ms})
      .aggregate([] { return Text{"i"}; },
                 [](const Text& total, const Long* v) {
                   return tail(total + (v == nullptr ? "null" : std::to_string(*v)));
                 },
                 [](const Text& a, const Text& c) { return tail("(" + a + "|" + c + ")"); },
                 {.name = "agg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology session_reduce_no_grace() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SessionWindows{.inactivity_gap = 50ms})
      .reduce([](const Text& x, const Text& y) { return tail(x + "." + y); }, {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology session_in_memory() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SessionWindows{.inactivity_gap = 50ms, .grace = 200ms})
      .count({.name = "cnt", .type = StoreType::in_memory, .retention = 400ms})
      .to_stream()
      .to("out");
  return b.build();
}

Topology unlimited_count() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(UnlimitedWindows{.start = Timestamp{500}})
      .count({.name = "cnt"})
      .to_stream([](const WindowedText& w, const Long*) { return wk(w); })
      .to("out");
  return b.build();
}

Topology tumbling_in_memory_retention() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(TimeWindows{.size = 100ms, .grace = 150ms})
      .count({.name = "cnt", .type = StoreType::in_memory, .retention = 300ms})
      .to_stream()
      .to("out");
  return b.build();
}

Topology tumbling_persistent_retention() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(TimeWindows{.size = 10s, .grace = 60s})
      .count({.name = "cnt", .retention = 120s})
      .to_stream()
      .to("out");
  return b.build();
}

Topology tumbling_caching() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .flat_map_values([](const Text* v) {
        return std::vector<Text>{s(v), "second"};
      })
      .group_by_key()
      .windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology hopping_caching() {
  StreamsBuilder b;
  longs(b)
      .windowed_by(TimeWindows{.size = 100ms, .advance = 40ms, .grace = 20ms})
      .aggregate(zero, wrapping_add, {.name = "agg"})
      .filter([](Long v) { return v % 2 == 0; })
      .to_stream()
      .to("out");
  return b.build();
}

Topology session_caching() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SessionWindows{.inactivity_gap = 50ms, .grace = 40ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology sliding_caching() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SlidingWindows{.time_difference = 50ms, .grace = 25ms})
      .reduce(join, {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology table_filter_map() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(TimeWindows{.size = 100ms, .grace = 50ms})
      .count({.name = "cnt"})
      .filter([](Long v) { return v != 3; })
      .map_values([](const WindowedText& w, Long v) { return wk(w) + "=" + std::to_string(v); },
                  {.name = "mapped"})
      .to_stream([](const WindowedText& w, const Text*) { return wk(w); })
      .to("out");
  return b.build();
}

Topology tumbling_on_close() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .emit_strategy(EmitStrategy::on_window_close)
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology hopping_on_close() {
  StreamsBuilder b;
  longs(b)
      .windowed_by(TimeWindows{.size = 100ms, .advance = 40ms, .grace = 20ms})
      .emit_strategy(EmitStrategy::on_window_close)
      .aggregate(zero, wrapping_add, {.name = "agg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology sliding_on_close() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SlidingWindows{.time_difference = 50ms, .grace = 25ms})
      .emit_strategy(EmitStrategy::on_window_close)
      .reduce(join, {.name = "red"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology session_on_close() {
  StreamsBuilder b;
  texts(b)
      .windowed_by(SessionWindows{.inactivity_gap = 50ms, .grace = 40ms})
      .emit_strategy(EmitStrategy::on_window_close)
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

// ---- cogroup ----

Text add_text(const Text& total, const Text& v) { return tail(total + "+" + v); }
Text add_long(const Text& total, Long v) { return tail(total + "#" + std::to_string(v)); }
Text empty() { return {}; }

Topology cogroup_kv() {
  StreamsBuilder b;
  const auto g1 = b.stream<Text, Text>("in1").group_by_key();
  const auto g2 = b.stream<Text, Long>("in2").group_by_key();
  g1.cogroup<Text>(add_text)
      .cogroup(g2, [](const Text& total,
                      Long v) { return v == 0 ? std::nullopt : std::optional{add_long(total, v)}; })
      .aggregate(empty, {.name = "cg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology cogroup_repartitioned() {
  StreamsBuilder b;
  const auto by_first = [](const Text* v) { return first(v); };
  const auto g1 = b.stream<Text, Text>("in1").group_by(by_first, {.name = "g1"});
  const auto g2 = b.stream<Text, Text>("in2").select_key(by_first).group_by_key({.name = "g2"});
  g1.cogroup<Text>(add_text)
      .cogroup(g2, [](const Text& total, const Text& v) { return tail(total + "#" + v); })
      .aggregate(empty, {.name = "cg"}, {.name = "cga"})
      .to_stream()
      .to("out");
  return b.build();
}

CogroupedKStream<Text, Text> text_and_long(StreamsBuilder& b) {
  const auto g1 = b.stream<Text, Text>("in1").group_by_key();
  const auto g2 = b.stream<Text, Long>("in2").group_by_key();
  return g1.cogroup<Text>(add_text).cogroup(g2, add_long);
}

Topology cogroup_tumbling() {
  StreamsBuilder b;
  text_and_long(b)
      .windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .aggregate(empty, {.name = "cg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology cogroup_session() {
  StreamsBuilder b;
  text_and_long(b)
      .windowed_by(SessionWindows{.inactivity_gap = 50ms, .grace = 40ms})
      .aggregate(empty, [](const Text& x, const Text& y) { return tail(x + "|" + y); },
                 {.name = "cg"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology cogroup_sliding() {
  StreamsBuilder b;
  text_and_long(b)
      .windowed_by(SlidingWindows{.time_difference = 50ms, .grace = 25ms})
      .aggregate(empty, {.name = "cg"})
      .to_stream()
      .to("out");
  return b.build();
}

// ---- with times and caches ----

Timestamp embedded_time(const Record<Text, Text>& record, Timestamp /*partition_time*/) {
  const std::optional<Text> digits = before_bar(record.value_or_null());
  std::int64_t time = -1;
  if (digits) std::from_chars(digits->data(), digits->data() + digits->size(), time);
  return Timestamp{time};
}

Topology extractor_log_and_skip() {
  StreamsBuilder b;
  b.stream<Text, Text>("in", {.timestamp_extractor = embedded_time})
      .group_by_key()
      .windowed_by(TimeWindows{.size = 100ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology small_eviction() {
  StreamsBuilder b;
  longs(b)
      .windowed_by(TimeWindows{.size = 100ms, .advance = 20ms, .grace = 40ms})
      .aggregate(zero, wrapping_add, {.name = "agg"})
      .to_stream()
      .to("out");
  return b.build();
}

}  // namespace

void add_windows(Topologies& all) {
  all["window.tumbling_count_grace"] = tumbling_count_grace;
  all["window.tumbling_reduce_no_grace"] = tumbling_reduce_no_grace;
  all["window.hopping_aggregate"] = hopping_aggregate;
  all["window.hopping_count_even"] = hopping_count_even;
  all["window.sliding_reduce"] = sliding_reduce;
  all["window.sliding_count_no_grace"] = sliding_count_no_grace;
  all["window.sliding_aggregate_in_memory"] = sliding_aggregate_in_memory;
  all["window.session_count"] = session_count;
  all["window.session_aggregate"] = session_aggregate;
  all["window.session_reduce_no_grace"] = session_reduce_no_grace;
  all["window.session_in_memory"] = session_in_memory;
  all["window.unlimited_count"] = unlimited_count;
  all["window.tumbling_in_memory_retention"] = tumbling_in_memory_retention;
  all["window.tumbling_persistent_retention"] = tumbling_persistent_retention;
  all["window.tumbling_caching"] = tumbling_caching;
  all["window.hopping_caching"] = hopping_caching;
  all["window.session_caching"] = session_caching;
  all["window.sliding_caching"] = sliding_caching;
  all["window.table_filter_map"] = table_filter_map;
  all["emit.tumbling_on_close"] = tumbling_on_close;
  all["emit.hopping_on_close"] = hopping_on_close;
  all["emit.sliding_on_close"] = sliding_on_close;
  all["emit.session_on_close"] = session_on_close;
  all["cogroup.kv"] = cogroup_kv;
  all["cogroup.repartitioned"] = cogroup_repartitioned;
  all["cogroup.tumbling"] = cogroup_tumbling;
  all["cogroup.session"] = cogroup_session;
  all["cogroup.sliding"] = cogroup_sliding;
  all["time.extractor_log_and_skip"] = extractor_log_and_skip;
  all["cache.small_eviction"] = small_eviction;
}

}  // namespace moldau::conformance
