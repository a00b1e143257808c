#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>

namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

Topology source() {
  StreamsBuilder b;
  b.table<Text, Text>("in", {}, {.name = "vt", .history = 200ms, .segment_interval = 40ms})
      .to_stream()
      .to("out");
  return b.build();
}

Topology filter_groupby() {
  StreamsBuilder b;
  b.table<Text, Text>("in", {}, {.name = "vt", .history = 500ms})
      .filter([](const Text& v) { return v != "q"; })
      .map_values([](const Text& v) { return up(v); })
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

void add_versioned_tables(Topologies& all) {
  all["table.versioned_source"] = source;
  all["table.versioned_filter_groupby"] = filter_groupby;
}

}  // namespace moldau::conformance
