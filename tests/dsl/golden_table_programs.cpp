#include "dsl/golden_programs.h"
#include "dsl/plain_serdes.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace moldau::test {

namespace {

using namespace std::chrono_literals;

using S = std::string;
using Count = std::int64_t;

const auto any_row = [](const S&) { return true; };
const auto same_row = [](const S& v) { return v; };
const auto empty = [] { return S{}; };
const auto pair_of_value = [](const S& v) { return KeyValue{v, v}; };
const auto total_first = [](const S& total, const S&) { return total; };
const auto value_last = [](const S&, const S& v) { return v; };

struct SameValue final : ValueTransformer<S, S, S> {
  std::optional<S> transform(const FixedKeyRecord<S, S>& row) override { return row.value(); }
};

void table_ops(StreamsBuilder& b) {
  const auto t = b.table<S, S>("t");
  t.filter(any_row)
      .map_values(same_row)
      .filter_not([](const S&) { return false; }, {.name = "fn"})
      .transform_values([] { return SameValue{}; })
      .to_stream()
      .to("o1");
  t.filter(any_row, Materialized<S, S>{}).to_stream([](const S* v) { return *v; }).to("o2");
  t.map_values(same_row, {.name = "mvs"}, {.name = "mvn"});
}

void table_group_by(StreamsBuilder& b) {
  const auto grouped = b.table<S, S>("t").group_by(pair_of_value);
  grouped.count().to_stream().to("c");
  grouped.reduce(value_last, total_first).to_stream().to("r");
  grouped.aggregate(empty, total_first, total_first, {.name = "aggs"}).to_stream().to("a");
}

void table_group_by_named(StreamsBuilder& b) {
  const auto grouped = b.table<S, S>("t").group_by(pair_of_value, {.name = "grp"});
  grouped.count({.name = "cs"}, {.name = "cn"}).to_stream().to("c");
  grouped.reduce(value_last, total_first).to_stream().to("r");
}

void cogroup(StreamsBuilder& b) {
  const auto g1 = b.stream<S, S>("i1").group_by_key();
  const auto g2 = b.stream<S, S>("i2").select_key(same_row).group_by_key();
  g1.cogroup<S>(total_first).cogroup(g2, total_first).aggregate(empty).to_stream().to("o");
}

void suppress(StreamsBuilder& b) {
  b.stream<S, S>("in")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 60s, .grace = 30s})
      .count()
      .suppress(until_window_closes())
      .to_stream()
      .to("o1");
  b.table<S, S>("t")
      .suppress(until_time_limit(10s, {.max_records = 10}), {.name = "sup"})
      .to_stream()
      .to("o2");
}

void windowed_counts(StreamsBuilder& b) {
  const auto grouped = b.stream<S, S>("in").group_by_key();
  const Materialized<S, Count> unnamed;
  grouped.windowed_by(TimeWindows{.size = 60s, .grace = 30s}).count();
  grouped.windowed_by(TimeWindows{.size = 60s}).count(unnamed);
  grouped.windowed_by(SlidingWindows{.time_difference = 60s}).count(unnamed);
  grouped.windowed_by(SessionWindows{.inactivity_gap = 60s}).count(unnamed);
  grouped.windowed_by(SessionWindows{.inactivity_gap = 60s, .grace = 5s})
      .reduce(value_last, {.name = "sess"});
}

void emit_final(StreamsBuilder& b) {
  const auto grouped = b.stream<S, S>("in").group_by_key();
  grouped.windowed_by(TimeWindows{.size = 60s, .grace = 30s})
      .emit_strategy(EmitStrategy::on_window_close)
      .count({.name = "wf"})
      .to_stream()
      .to("o1");
  grouped.windowed_by(SessionWindows{.inactivity_gap = 60s})
      .emit_strategy(EmitStrategy::on_window_close)
      .count({.name = "sf"})
      .to_stream()
      .to("o2");
}

}  // namespace

void add_table_programs(Programs& all) {
  all["table_ops"] = table_ops;
  all["table_group_by"] = table_group_by;
  all["table_group_by_named"] = table_group_by_named;
  all["cogroup"] = cogroup;
  all["suppress"] = suppress;
  all["windowed_counts"] = windowed_counts;
  all["emit_final"] = emit_final;
}

}  // namespace moldau::test
