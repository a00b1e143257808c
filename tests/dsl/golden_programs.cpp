#include "dsl/golden_programs.h"

#include "dsl/plain_serdes.h"

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace moldau::test {

namespace {

using S = std::string;

KStream<S, S> stream(StreamsBuilder& b, const char* topic) { return b.stream<S, S>(topic); }

const auto always = [](const S&) { return true; };
const auto same_value = [](const S& v) { return v; };
const auto same_pair = [](const S& k, const S& v) { return KeyValue{k, v}; };
const auto look = [](const S&) {};
const auto last = [](const S&, const S& v) { return v; };

// As Java adds texts.
S text_of(const S* v) { return v != nullptr ? *v : "null"; }
const auto left_with_right = [](const S& x, const S* y) { return x + text_of(y); };

void stateless_named(StreamsBuilder& b) {
  b.stream<S, S>("in", {.name = "src"})
      .filter(always, {.name = "f"})
      .map_values(same_value, {.name = "mv"})
      .merge(stream(b, "in2"), {.name = "mg"})
      .to("out", {.name = "snk"});
}

void two_sources_one_topic(StreamsBuilder& b) {
  stream(b, "in").to("o1");
  stream(b, "in").to("o2");
}

void multi_topic_source(StreamsBuilder& b) {
  b.stream<S, S>({"zeta", "alpha", "topic-10", "topic-2", "m"}).to("out");
}

void branch(StreamsBuilder& b) {
  auto named = stream(b, "in")
                   .split({.name = "sp-"})
                   .branch(always, {.name = "A"})
                   .branch(always)
                   .default_branch({.name = "D"});
  named.at("sp-A").to("a");
  named.at("sp-2").to("b");
  named.at("sp-D").to("d");
  for (const auto& [name, one] : stream(b, "in2").split().branch(always).default_branch()) {
    one.to("z");
  }
}

void wordcount_unnamed(StreamsBuilder& b) {
  stream(b, "in")
      .flat_map_values([](const S& v) { return std::array{v}; })
      .group_by(same_value)
      .count()
      .to_stream()
      .to("out");
}

void wordcount_named_store(StreamsBuilder& b) {
  stream(b, "in").group_by(same_value).count({.name = "counts"}).to_stream().to("out");
}

void wordcount_named_grouped(StreamsBuilder& b) {
  stream(b, "in").group_by(same_value, {.name = "grp"}).count().to_stream().to("out");
}

void count_materialized_no_name(StreamsBuilder& b) {
  stream(b, "in").group_by_key().count({}).to_stream().to("out");
}

void count_named_op(StreamsBuilder& b) {
  stream(b, "in").group_by_key().count(Named{"cnt"}).to_stream({.name = "ts"}).to("out");
}

void reduce_aggregate(StreamsBuilder& b) {
  const auto grouped = stream(b, "in").group_by_key();
  grouped.reduce(last).to_stream().to("r");
  grouped.aggregate([] { return S{}; }, [](S total, const S&) { return total; })
      .to_stream()
      .to("a");
}

void two_aggs(StreamsBuilder& b, Grouped<S, S> grouped) {
  const auto grouping = stream(b, "in").select_key(same_value).group_by_key(std::move(grouped));
  grouping.count().to_stream().to("c");
  grouping.reduce(last).to_stream().to("r");
}

void table_unused(StreamsBuilder& b) { b.table<S, S>("t"); }

void to_table(StreamsBuilder& b) {
  stream(b, "in").to_table().to_stream().to("o1");
  stream(b, "in2").select_key(same_value).to_table().to_stream().to("o2");
  stream(b, "in3")
      .select_key(same_value)
      .to_table({.name = "tts"}, {.name = "tt"})
      .to_stream()
      .to("o3");
}

void repartition_op(StreamsBuilder& b) {
  stream(b, "in").repartition().to("o1");
  stream(b, "in2")
      .repartition({.name = "rp", .partitions = 7})
      .group_by_key()
      .count()
      .to_stream()
      .to("o2");
}

void diamond(StreamsBuilder& b) {
  const auto s = stream(b, "in");
  const auto x = s.filter(always);
  const auto y = s.map_values(same_value);
  const auto z = s.peek(look);
  x.merge(y).merge(z).to("o");
  z.group_by_key().count().to_stream().to("cnt");
}

void opt_merge_node(StreamsBuilder& b) {
  const auto a = stream(b, "a").select_key(same_value);
  const auto d = stream(b, "d").map(same_pair);
  const auto merged = a.merge(d);
  merged.group_by_key().count({.name = "c1"}).to_stream().to("o1");
  merged.group_by_key().reduce(last).to_stream().to("o2");
}

void opt_value_changer_blocks_merge(StreamsBuilder& b) {
  const auto s = stream(b, "in").select_key(same_value);
  s.map_values(same_value).group_by_key().count({.name = "c1"});
  s.group_by_key().count({.name = "c2"});
}

const auto both = [](const S& x, const S& y) { return x + y; };
const auto any_of = [](const S* x, const S* y) { return text_of(x) + text_of(y); };
constexpr JoinWindows ten_seconds =
    JoinWindows::within(std::chrono::seconds{10}, std::chrono::seconds{5});

void stream_stream_inner(StreamsBuilder& b) {
  const auto l = stream(b, "l");
  l.join(stream(b, "r"), both, ten_seconds).to("out");
}

void stream_stream_left(StreamsBuilder& b, StreamJoined<S, S, S> joined) {
  const auto l = stream(b, "l");
  l.left_join(stream(b, "r"), left_with_right, ten_seconds, std::move(joined)).to("out");
}

void stream_stream_outer(StreamsBuilder& b, StreamJoined<S, S, S> joined) {
  const auto l = stream(b, "l");
  l.outer_join(stream(b, "r"), any_of, ten_seconds, std::move(joined)).to("out");
}

void stream_stream_repartition(StreamsBuilder& b, StreamJoined<S, S, S> joined) {
  const auto l = stream(b, "l").select_key(same_value);
  l.join(stream(b, "r").map(same_pair), both, ten_seconds, std::move(joined)).to("out");
}

void stream_self_join(StreamsBuilder& b) {
  const auto s = stream(b, "l");
  s.join(s, both, ten_seconds).to("out");
}

void one_stream_two_joins_repartition(StreamsBuilder& b) {
  const auto s = stream(b, "l").select_key(same_value);
  s.join(stream(b, "r1"), both, ten_seconds).to("o1");
  s.left_join(stream(b, "r2"), left_with_right, ten_seconds).to("o2");
}

void stream_table(StreamsBuilder& b) {
  const auto s = stream(b, "s");
  s.join(b.table<S, S>("t"), both).to("out");
}

void stream_table_left_repartition(StreamsBuilder& b) {
  const auto s = stream(b, "s").select_key(same_value);
  s.left_join(b.table<S, S>("t", {}, {.name = "tstore"}), left_with_right).to("out");
}

void stream_table_named_repartition(StreamsBuilder& b) {
  const auto s = stream(b, "s").select_key(same_value);
  s.join(b.table<S, S>("t", {}, {.name = "tstore"}), both, {.name = "jn"}).to("out");
}

void global_table_join(StreamsBuilder& b) {
  const auto generated = b.global_table<S, S>("g");
  const auto named = b.global_table<S, S>("g2", {}, {.name = "gstore"});
  stream(b, "s")
      .join(generated, same_value, both)
      .left_join(named, same_value, left_with_right)
      .to("out");
}

void opt_merge_repartitions(StreamsBuilder& b) {
  const auto s = stream(b, "in").select_key(same_value);
  s.group_by_key().count({.name = "c1"}).to_stream().to("o1");
  s.filter(always).group_by_key().reduce(last).to_stream().to("o2");
  s.join(stream(b, "r"), both, ten_seconds).to("o3");
}

void opt_reuse_source(StreamsBuilder& b) {
  b.table<S, S>("t", {}, {.name = "ts"}).to_stream().to("o");
}

void stream_table_grace(StreamsBuilder& b) {
  const auto s = stream(b, "s");
  s.join(b.table<S, S>("t", {}, {.name = "vt", .history = std::chrono::minutes{10}}), both,
         {.name = "jn", .grace = std::chrono::seconds{10}})
      .to("out");
}

void table_table_joins(StreamsBuilder& b) {
  const auto a = b.table<S, S>("a");
  const auto d = b.table<S, S>("d");
  a.join(d, [](const S& x, const S& y) { return x + y; }).to_stream().to("o1");
  a.left_join(d, left_with_right, {}).to_stream().to("o2");
  a.outer_join(d, any_of, {.name = "ojs"}, {.name = "oj"}).to_stream().to("o3");
}

void fk_join(StreamsBuilder& b) {
  const auto a = b.table<S, S>("a");
  a.join(b.table<S, S>("d"), same_value, [](const S& x, const S& y) { return x + y; })
      .to_stream()
      .to("out");
}

void fk_left_join_named(StreamsBuilder& b) {
  const auto a = b.table<S, S>("a");
  a.left_join(b.table<S, S>("d"), same_value, left_with_right, {.name = "fkj"}, {.name = "fks"})
      .to_stream()
      .to("out");
}

Programs stream_programs() {
  return {
      {"stateless_named", stateless_named},
      {"two_sources_one_topic", two_sources_one_topic},
      {"multi_topic_source", multi_topic_source},
      {"pattern_source",
       [](StreamsBuilder& b) { b.stream<S, S>(TopicPattern{"in-.*"}).to("out"); }},
      {"branch", branch},
      {"wordcount_unnamed", wordcount_unnamed},
      {"wordcount_named_store", wordcount_named_store},
      {"wordcount_named_grouped", wordcount_named_grouped},
      {"count_materialized_no_name", count_materialized_no_name},
      {"count_named_op", count_named_op},
      {"reduce_aggregate", reduce_aggregate},
      {"two_aggs_same_grouped_repartition", [](StreamsBuilder& b) { two_aggs(b, {}); }},
      {"two_aggs_named_grouped_repartition",
       [](StreamsBuilder& b) { two_aggs(b, {.name = "grp"}); }},
      {"table_unused", table_unused},
      {"to_table", to_table},
      {"repartition_op", repartition_op},
      {"diamond", diamond},
      {"opt_merge_node", opt_merge_node},
      {"opt_value_changer_blocks_merge", opt_value_changer_blocks_merge},
      {"opt_merge_repartitions", opt_merge_repartitions},
      {"opt_reuse_source", opt_reuse_source},
      {"stream_stream_inner", stream_stream_inner},
      {"stream_stream_left", [](StreamsBuilder& b) { stream_stream_left(b, {}); }},
      {"stream_stream_left_named",
       [](StreamsBuilder& b) { stream_stream_left(b, {.name = "j", .store_name = "js"}); }},
      {"stream_stream_outer", [](StreamsBuilder& b) { stream_stream_outer(b, {}); }},
      {"stream_stream_outer_named",
       [](StreamsBuilder& b) { stream_stream_outer(b, {.name = "j", .store_name = "js"}); }},
      {"stream_stream_repartition", [](StreamsBuilder& b) { stream_stream_repartition(b, {}); }},
      {"stream_stream_repartition_named",
       [](StreamsBuilder& b) { stream_stream_repartition(b, {.name = "j", .store_name = "js"}); }},
      {"stream_self_join", stream_self_join},
      {"one_stream_two_joins_repartition", one_stream_two_joins_repartition},
      {"stream_table", stream_table},
      {"stream_table_left_repartition", stream_table_left_repartition},
      {"stream_table_named_repartition", stream_table_named_repartition},
      {"global_table_join", global_table_join},
      {"stream_table_grace", stream_table_grace},
      {"table_table_joins", table_table_joins},
      {"fk_join", fk_join},
      {"fk_left_join_named", fk_left_join_named},
  };
}

}  // namespace

const Programs& golden_programs() {
  static const Programs programs = [] {
    Programs all = stream_programs();
    add_table_programs(all);
    add_processor_programs(all);
    return all;
  }();
  return programs;
}

}  // namespace moldau::test
