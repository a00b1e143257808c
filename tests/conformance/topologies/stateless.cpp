#include "conformance/topologies.h"
#include "conformance/topologies/text.h"

// Each function is the listing of the same name in TOPOLOGIES.md, in the same order of calls:
// generated names count operators.
namespace moldau::conformance {

namespace {

Topology filter_map_values() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .filter([](const Text* v) { return v != nullptr && v->size() >= 2; })
      .map_values([](const Text& v) { return up(v) + "!"; })
      .to("out");
  return b.build();
}

Topology map_filter_not() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .map([](const Text* k, const Text* v) {
        return KeyValue<Text, Text>{s(v), s(k)};
      })
      .filter_not([](const Text& k, const Text&) { return k.starts_with("a"); })
      .to("out");
  return b.build();
}

Topology map_values_with_key() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .map_values([](const Text* k, const Text* v) {
        return k != nullptr && *k == "b" ? std::nullopt : std::optional{s(k) + "=" + s(v)};
      })
      .to("out");
  return b.build();
}

Topology flat_map() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .flat_map([](const Text* k, const Text* v) {
        std::vector<KeyValue<Text, Text>> out;
        for (const Text& c : characters(v))
          out.push_back({c, s(k) + ":" + std::to_string(out.size())});
        return out;
      })
      .to("out");
  return b.build();
}

Topology flat_map_values() {
  StreamsBuilder b;
  b.stream<Text, Text>("in").flat_map_values([](const Text* v) { return characters(v); }).to("out");
  return b.build();
}

Topology select_key_repartition() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .select_key([](const Text* v) { return first(v); })
      .repartition({.name = "rk"})
      .map_values([](const Text* k, const Text* v) { return cat(k, v); })
      .to("out");
  return b.build();
}

Topology split_branches() {
  StreamsBuilder b;
  auto br = b.stream<Text, Text>("in")
                .split({.name = "sp-"})
                .branch([](const Text* v) { return v == nullptr; }, {.name = "nulls"})
                .branch([](const Text& v) { return v.size() >= 3; }, {.name = "long"})
                .branch([](const Text& v) { return v.size() >= 2; }, {.name = "mid"})
                .default_branch({.name = "rest"});
  br.at("sp-nulls").to("out-nulls");
  br.at("sp-long").to("out-long");
  br.at("sp-mid").to("out-mid");
  br.at("sp-rest").to("out-rest");
  return b.build();
}

Topology split_functions() {
  StreamsBuilder b;
  const auto of_size = [](std::size_t size) {
    return [size](const Text* v) { return v != nullptr && v->size() == size; };
  };
  auto br = b.stream<Text, Text>("in")
                .split({.name = "f-"})
                .branch(of_size(1), {.name = "one",
                                     .function =
                                         [](TextStream x) {
                                           return x.map_values([](const Text& v) { return up(v); });
                                         }})
                .branch(of_size(2), {.consumer = [](TextStream x) { x.to("out-two"); }})
                .branch(of_size(3), {.name = "three",
                                     .function =
                                         [](TextStream x) {
                                           return x.filter([](const Text* k, const Text*) {
                                             return k == nullptr || *k != "a";
                                           });
                                         }})
                .no_default_branch();
  br.at("f-one").merge(br.at("f-three")).to("out");
  return b.build();
}

Topology merge_three() {
  StreamsBuilder b;
  const auto tagged = [&b](const char* topic, const char* tag) {
    return b.stream<Text, Text>(topic).map_values([tag](const Text* v) { return tag + s(v); });
  };
  const TextStream a = tagged("in1", "1");
  const TextStream c = tagged("in2", "2");
  const TextStream d = tagged("in3", "3");
  const TextStream both = a.merge(c).merge(d, {.name = "both"});
  both.merge(a.map_values([](const Text& v) { return v + "'"; })).to("out");
  return b.build();
}

Topology peek_foreach() {
  StreamsBuilder b;
  const TextStream x = b.stream<Text, Text>("in").peek([](const Text*) {});
  x.for_each([](const Text*) {});
  x.to("out");
  return b.build();
}

Topology dynamic_topic() {
  StreamsBuilder b;
  b.stream<Text, Text>("in").to(
      [](const Text& v) -> Text { return v.size() % 2 == 0 ? "out-even" : "out-odd"; });
  return b.build();
}

Topology group_by_count() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .group_by([](const Text* v) { return first(v); }, {.name = "g"})
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

Topology to_table() {
  StreamsBuilder b;
  b.stream<Text, Text>("in").to_table({.name = "tbl"}, {.name = "tt"}).to_stream().to("out");
  return b.build();
}

Topology to_table_repartitioned() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .select_key([](const Text* k, const Text* v) {
        return v != nullptr ? first(v) : k != nullptr ? std::optional{*k} : std::nullopt;
      })
      .to_table({.name = "tbl"}, {.name = "tt"})
      .map_values([](const Text& v) { return v + v; })
      .to_stream()
      .to("out");
  return b.build();
}

Topology headers_through_operators() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .map([](const Text& k, const Text& v) {
        return KeyValue<Text, Text>{v, k};
      })
      .repartition({.name = "rp"})
      .flat_map_values([](const Text& v) {
        return std::vector<Text>{v, up(v)};
      })
      .to("out");
  return b.build();
}

}  // namespace

void add_stateless(Topologies& all) {
  all["stateless.filter_map_values"] = filter_map_values;
  all["stateless.map_filter_not"] = map_filter_not;
  all["stateless.map_values_with_key"] = map_values_with_key;
  all["stateless.flat_map"] = flat_map;
  all["stateless.flat_map_values"] = flat_map_values;
  all["stateless.select_key_repartition"] = select_key_repartition;
  all["stateless.split_branches"] = split_branches;
  all["stateless.split_functions"] = split_functions;
  all["stateless.merge_three"] = merge_three;
  all["stateless.peek_foreach"] = peek_foreach;
  all["stateless.dynamic_topic"] = dynamic_topic;
  all["stateless.group_by_count"] = group_by_count;
  all["stateless.to_table"] = to_table;
  all["stateless.to_table_repartitioned"] = to_table_repartitioned;
  all["headers.through_operators"] = headers_through_operators;
}

}  // namespace moldau::conformance
