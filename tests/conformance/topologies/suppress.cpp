#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>

namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

KTable<Text, Long> counted(StreamsBuilder& b) {
  return b.stream<Text, Text>("in").group_by_key().count({.name = "cnt"});
}

KTable<Text, Text> source(StreamsBuilder& b) {
  return b.table<Text, Text>("in", {}, {.name = "tbl"});
}

Topology counted_until(const UntilTimeLimit& until) {
  StreamsBuilder b;
  counted(b).suppress(until, {.name = "sup"}).to_stream().to("out");
  return b.build();
}

Topology time_limit() { return counted_until(until_time_limit(50ms)); }
Topology time_limit_zero() { return counted_until(until_time_limit(0ms)); }
Topology max_records() { return counted_until(until_time_limit(100ms, {.max_records = 2})); }

Topology table_tombstones() {
  StreamsBuilder b;
  source(b)
      .suppress(until_time_limit(50ms), {.name = "sup"})
      .filter([](const Text& v) { return v != "y"; })
      .to_stream()
      .to("out");
  return b.build();
}

Topology max_bytes() {
  StreamsBuilder b;
  source(b)
      .suppress(until_time_limit(100ms, {.max_bytes = 250}), {.name = "sup"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology until_closed() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .count({.name = "cnt"})
      .suppress(until_window_closes(), {.name = "sup"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology until_closed_hopping() {
  StreamsBuilder b;
  b.stream<Text, Long>("in")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 100ms, .advance = 40ms, .grace = 20ms})
      .aggregate([] { return Long{0}; }, wrapping_add, {.name = "agg"})
      .suppress(until_window_closes())
      .map_values([](Long v) { return v * 10; })
      .to_stream()
      .to("out");
  return b.build();
}

Topology until_closed_session() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 50ms, .grace = 40ms})
      .count({.name = "cnt"})
      .suppress(until_window_closes(), {.name = "sup"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology windowed_time_limit() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 100ms, .grace = 60ms})
      .count({.name = "cnt"})
      .suppress(until_time_limit(60ms, {.logging = false}), {.name = "sup"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology then_regroup() {
  StreamsBuilder b;
  source(b)
      .suppress(until_time_limit(50ms), {.name = "sup"})
      .group_by(
          [](const Text& v) {
            return KeyValue{first(&v), v};
          },
          {.name = "g"})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

}  // namespace

void add_suppress(Topologies& all) {
  all["suppress.until_time_limit"] = time_limit;
  all["suppress.time_limit_zero"] = time_limit_zero;
  all["suppress.max_records"] = max_records;
  all["suppress.max_bytes"] = max_bytes;
  all["suppress.table_tombstones"] = table_tombstones;
  all["suppress.then_regroup"] = then_regroup;
  all["suppress.until_window_closes"] = until_closed;
  all["suppress.until_window_closes_hopping"] = until_closed_hopping;
  all["suppress.until_window_closes_session"] = until_closed_session;
  all["suppress.windowed_time_limit"] = windowed_time_limit;
}

}  // namespace moldau::conformance
