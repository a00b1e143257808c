#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

namespace moldau::conformance {

namespace {

bool starts_with_x(const Text& v) { return v.starts_with("x"); }

Topology to_stream() {
  StreamsBuilder b;
  b.table<Text, Text>("in").to_stream().to("out");
  return b.build();
}

Topology to_stream_materialized() {
  StreamsBuilder b;
  b.table<Text, Text>("in", {}, {.name = "tbl"})
      .to_stream([](const Text&, const Text* v) { return s(v); })
      .to("out");
  return b.build();
}

void add_filters(const KTable<Text, Text>& table) {
  table.filter(starts_with_x).to_stream().to("out-x");
  table.filter_not(starts_with_x).to_stream().to("out-not-x");
}

Topology filter() {
  StreamsBuilder b;
  add_filters(b.table<Text, Text>("in", {}, {.name = "tbl"}));
  return b.build();
}

Topology filter_virtual() {
  StreamsBuilder b;
  add_filters(b.table<Text, Text>("in"));
  return b.build();
}

Topology filter_materialized() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("in");
  t.filter(starts_with_x, {.name = "fx"}, {.name = "fx"}).to_stream().to("out-x");
  t.filter_not(starts_with_x, {.name = "fnx"}).to_stream().to("out-not-x");
  return b.build();
}

Topology map_values() {
  StreamsBuilder b;
  const auto t = b.table<Text, Text>("in");
  t.map_values([](const Text& v) { return up(v); }).to_stream().to("out-1");
  t.map_values([](const Text& v) { return static_cast<Long>(v.size()); }, {.name = "len"})
      .to_stream()
      .to("out-2");
  t.map_values(
       [](const Text& k, const Text& v) { return v == "x1" ? std::nullopt : std::optional{k + v}; },
       {.name = "mk"}, {.name = "mk"})
      .to_stream()
      .to("out-3");
  return b.build();
}

// transformValues without a store of its own.
struct WithTime final : public ValueTransformer<Text, Text, Text> {
  std::optional<Text> transform(const FixedKeyRecord<Text, Text>& row) override {
    const Text* value = row.value_or_null();
    if (value == nullptr) return std::nullopt;
    return row.key() + *value + "@" + std::to_string(row.timestamp().milliseconds());
  }
};

Topology transform_values() {
  StreamsBuilder b;
  b.table<Text, Text>("in", {}, {.name = "tbl"})
      .transform_values([] { return WithTime{}; })
      .to_stream()
      .to("out");
  return b.build();
}

// transformValues with a store: counts the updates of each key, and has no row at each fourth.
class Counting final : public ValueTransformer<Text, Text, Text> {
 public:
  void init(Context& context) override { seen_ = context.key_value_store<Text, Long>("seen"); }
  std::optional<Text> transform(const FixedKeyRecord<Text, Text>& row) override {
    const Long n = seen_.get(row.key()).value_or(0) + 1;
    seen_.put(row.key(), n);
    if (n % 4 == 0) return std::nullopt;
    return s(row.value_or_null()) + "#" + std::to_string(n);
  }

 private:
  KeyValueStore<Text, Long> seen_;
};

Topology transform_values_stateful() {
  StreamsBuilder b;
  b.add_state_store(persistent_key_value_store<Text, Long>("seen"));
  b.table<Text, Text>("in", {}, {.name = "tbl"})
      .transform_values([] { return Counting{}; }, {.name = "tv"},
                        {.name = "tvp", .stores = {"seen"}})
      .to_stream()
      .to("out");
  return b.build();
}

Topology caching() {
  StreamsBuilder b;
  b.table<Text, Text>("in", {}, {.name = "tbl"})
      .filter([](const Text& v) { return v != "q"; }, {.name = "flt"})
      .map_values([](const Text& v) { return up(v); }, {.name = "map"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology global() {
  StreamsBuilder b;
  b.global_table<Text, Text>("g", {}, {.name = "gt"});
  b.stream<Text, Text>("other").to("out");
  return b.build();
}

}  // namespace

void add_tables(Topologies& all) {
  all["table.to_stream"] = to_stream;
  all["table.to_stream_materialized"] = to_stream_materialized;
  all["table.filter"] = filter;
  all["table.filter_virtual"] = filter_virtual;
  all["table.filter_materialized"] = filter_materialized;
  all["table.map_values"] = map_values;
  all["table.transform_values"] = transform_values;
  all["table.transform_values_stateful"] = transform_values_stateful;
  all["table.caching"] = caching;
  all["table.global"] = global;
}

}  // namespace moldau::conformance
