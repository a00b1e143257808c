#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <chrono>

// Each function is the listing of the same name in TOPOLOGIES.md. Their runs are configured with
// `dsl.store.format=HEADERS`.
namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

Topology headers_kv() {
  StreamsBuilder b;
  b.table<Text, Text>("in", {}, {.name = "tbl"})
      .filter([](const Text& v) { return v != "q"; }, {.name = "flt"})
      .to_stream()
      .to("out-1");
  return b.build();
}

Topology headers_window() {
  StreamsBuilder b;
  const auto grouped = b.stream<Text, Text>("in").group_by_key();
  grouped.windowed_by(TimeWindows{.size = 100ms, .grace = 30ms})
      .count({.name = "cnt"})
      .to_stream()
      .to("out-1");
  grouped.windowed_by(SessionWindows{.inactivity_gap = 30ms, .grace = 30ms})
      .count({.name = "scnt"})
      .to_stream()
      .to("out-2");
  return b.build();
}

}  // namespace

void add_store_formats(Topologies& all) {
  all["format.headers_kv"] = headers_kv;
  all["format.headers_window"] = headers_window;
}

}  // namespace moldau::conformance
