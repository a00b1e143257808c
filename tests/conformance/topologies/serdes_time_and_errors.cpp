#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace moldau::conformance {

namespace {

Topology primitive_types() {
  using Int = std::int32_t;
  using Short = std::int16_t;
  StreamsBuilder b;
  b.stream<Long, Long>("in-long")
      .map_values([](Long v) { return wrapping_add(v, v); })
      .to("out-long");
  b.stream<Int, Int>("in-int")
      .map_values([](Int v) { return static_cast<Int>(static_cast<std::uint32_t>(v) + 1); })
      .to("out-int");
  b.stream<Int, Short>("in-short")
      .map_values([](Short v) { return static_cast<Short>(v + 1); })
      .to("out-short");
  b.stream<Int, bool>("in-bool").map_values([](bool v) { return !v; }).to("out-bool");
  b.stream<ByteBuffer, ByteBuffer>("in-bytes")
      .map_values([](ByteBuffer v) {
        std::reverse(v.data(), v.data() + v.size());
        return v;
      })
      .to("out-bytes");
  b.stream<Uuid, Uuid>("in-uuid")
      .map([](const Uuid& k, const Uuid& v) {
        return KeyValue<Uuid, Uuid>{v, k};
      })
      .to("out-uuid");
  b.stream<Int, double>("in-double").map_values([](double v) { return v * 0.5; }).to("out-double");
  b.stream<Int, float>("in-float").map_values([](float v) { return v * 0.5F; }).to("out-float");
  b.stream<Text, Text>("in-text")
      .map_values([](const Text* v) -> std::optional<std::vector<Long>> {
        if (v == nullptr) return std::nullopt;
        std::vector<Long> codes;
        for (const char c : *v) codes.push_back(c);
        return codes;
      })
      .to("out-list");
  b.stream<Void, Text>("in-text-void").to("out-void");
  return b.build();
}

// The decimal number before '|', -1 for a null value; a negative one is replaced by the partition
// time.
Timestamp embedded_or_partition_time(const Record<Text, Text>& record, Timestamp partition_time) {
  const std::optional<Text> digits = before_bar(record.value_or_null());
  std::int64_t time = -1;
  if (digits) std::from_chars(digits->data(), digits->data() + digits->size(), time);
  return time < 0 ? partition_time : Timestamp{time};
}

Topology extractor_partition_time() {
  StreamsBuilder b;
  const auto x = b.stream<Text, Text>("in1", {.timestamp_extractor = embedded_or_partition_time});
  const auto y = b.stream<Text, Text>("in2", {.timestamp_extractor = embedded_or_partition_time});
  x.merge(y).to("out");
  return b.build();
}

Topology deserialization_continue() {
  StreamsBuilder b;
  b.stream<Long, Long>("in")
      .group_by_key()
      .reduce([](Long x, Long y) { return wrapping_add(x, y); }, {.name = "sum"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology processing_continue() {
  StreamsBuilder b;
  const auto x = b.stream<Text, Text>("in");
  x.map_values([](const Text* v) { return "before:" + s(v); }).to("out-before");
  x.map_values([](const Text* v) {
     if (v != nullptr && *v == "x1") throw std::invalid_argument("refused");
     return up(v);
   })
      .group_by_key()
      .count({.name = "cnt"})
      .to_stream()
      .to("out-count");
  x.map_values([](const Text* v) { return "after:" + s(v); }).to("out-after");
  return b.build();
}

}  // namespace

void add_serdes_time_and_errors(Topologies& all) {
  all["serde.primitive_types"] = primitive_types;
  all["time.extractor_partition_time"] = extractor_partition_time;
  all["errors.deserialization_continue"] = deserialization_continue;
  all["errors.processing_continue"] = processing_continue;
}

}  // namespace moldau::conformance
