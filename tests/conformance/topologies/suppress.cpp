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
}

}  // namespace moldau::conformance
