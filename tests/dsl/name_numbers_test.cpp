// How many numbers of the name generator each operator uses up, named or not: what comes after it
// in a program is named by that, so an operator that takes one more renames every store below.

#include "moldau/moldau.h"

#include "golden_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace moldau::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

using S = std::string;
using Program = std::function<void(StreamsBuilder&)>;
using Stream = KStream<S, S>;
using Table = KTable<S, S>;

struct Operator {
  Program before;
  Program with;
};
using Operators = std::map<std::string, Operator>;

const auto always = [](const S&) { return true; };
const auto same = [](const S& v) { return v; };
const auto itself = [](const S& k, const S& v) { return KeyValue{k, v}; };
const auto empty = [] { return S{}; };
const auto first = [](const S& x, const S&) { return x; };
const auto left = [](const S& x, const S*) { return x; };
const auto either = [](const S* x, const S* y) { return x != nullptr ? *x : *y; };
const auto fold = [](S total, const S&) { return total; };

struct Pass final : Processor<S, S, S, S> {
  void process(const Record<S, S>& record) override { context().forward(record); }
};
struct PassValues final : FixedKeyProcessor<S, S, S> {
  void process(const FixedKeyRecord<S, S>& record) override { context().forward(record); }
};
struct Drop final : Processor<S, S, Void, Void> {
  void process(const Record<S, S>&) override {}
};
struct SameRow final : ValueTransformer<S, S, S> {
  std::optional<S> transform(const FixedKeyRecord<S, S>& row) override { return row.value(); }
};

void nothing(StreamsBuilder&) {}

Operator on_stream(std::function<void(const Stream&)> apply) {
  return {[](StreamsBuilder& b) { b.stream<S, S>("in"); },
          [apply](StreamsBuilder& b) { apply(b.stream<S, S>("in")); }};
}

Operator on_rekeyed(std::function<void(const Stream&)> apply) {
  return {[](StreamsBuilder& b) { b.stream<S, S>("in").select_key(same); },
          [apply](StreamsBuilder& b) { apply(b.stream<S, S>("in").select_key(same)); }};
}

Operator on_table(std::function<void(const Table&)> apply) {
  return {[](StreamsBuilder& b) { b.table<S, S>("t"); },
          [apply](StreamsBuilder& b) { apply(b.table<S, S>("t")); }};
}

Operator alone(Program with) { return {nothing, std::move(with)}; }

UsedStore store() { return persistent_key_value_store<S, S>("g1"); }

void add_sources(Operators& all) {
  all["stream"] = alone([](auto& b) { b.template stream<S, S>("in"); });
  all["stream named"] = alone([](auto& b) { b.template stream<S, S>("in", {.name = "x"}); });
  all["table"] = alone([](auto& b) { b.template table<S, S>("in"); });
  all["table Consumed name"] = alone([](auto& b) { b.template table<S, S>("in", {.name = "x"}); });
  all["table Materialized name"] =
      alone([](auto& b) { b.template table<S, S>("in", {}, {.name = "x"}); });
  all["globalTable"] = alone([](auto& b) { b.template global_table<S, S>("in"); });
  all["globalTable Materialized name"] =
      alone([](auto& b) { b.template global_table<S, S>("in", {}, {.name = "x"}); });
  all["addGlobalStore"] =
      alone([](auto& b) { b.add_global_store(store(), "gtopic", [] { return Drop{}; }); });
  all["addStateStore"] = alone([](auto& b) { b.add_state_store(store()); });
}

void add_stateless(Operators& all) {
  all["filter"] = on_stream([](auto& s) { s.filter(always); });
  all["filter named"] = on_stream([](auto& s) { s.filter(always, {.name = "x"}); });
  all["process"] = on_stream([](auto& s) { s.process([] { return Pass{}; }); });
  all["process named"] =
      on_stream([](auto& s) { s.process([] { return Pass{}; }, {.name = "x"}); });
  all["processValues"] = on_stream([](auto& s) { s.process_values([] { return PassValues{}; }); });
  all["processValues named"] =
      on_stream([](auto& s) { s.process_values([] { return PassValues{}; }, {.name = "x"}); });
  all["split + 2 branches + default"] =
      on_stream([](auto& s) { s.split().branch(always).branch(always).default_branch(); });
  all["split + 2 branches, noDefault"] = on_stream([](auto& s) {
    s.split({.name = "x"}).branch(always).branch(always, {.name = "y"}).no_default_branch();
  });
  all["merge (self)"] = on_stream([](auto& s) { s.merge(s); });
  all["repartition"] = on_stream([](auto& s) { s.repartition(); });
  all["repartition named"] = on_stream([](auto& s) { s.repartition({.name = "x"}); });
  all["toTable"] = on_stream([](auto& s) { s.to_table(); });
  all["toTable named"] = on_stream([](auto& s) { s.to_table({}, {.name = "x"}); });
  all["toTable Materialized name"] = on_stream([](auto& s) { s.to_table({.name = "x"}); });
  all["toTable [repartition required]"] = on_rekeyed([](auto& s) { s.to_table(); });
}

void add_aggregations(Operators& all) {
  all["groupByKey"] = on_stream([](auto& s) { s.group_by_key(); });
  all["groupBy"] = on_stream([](auto& s) { s.group_by(same); });
  all["groupBy named"] = on_stream([](auto& s) { s.group_by(same, {.name = "x"}); });
  all["reduce"] = on_stream([](auto& s) { s.group_by_key().reduce(first); });
  all["reduce Materialized name"] =
      on_stream([](auto& s) { s.group_by_key().reduce(first, {.name = "x"}); });
  all["reduce [repartition required]"] =
      on_rekeyed([](auto& s) { s.group_by_key().reduce(first); });
  all["aggregate"] = on_stream([](auto& s) { s.group_by_key().aggregate(empty, fold); });
  all["aggregate Named + Materialized name"] = on_stream(
      [](auto& s) { s.group_by_key().aggregate(empty, fold, {.name = "y"}, {.name = "x"}); });
  all["count()"] = on_stream([](auto& s) { s.group_by_key().count(); });
  all["count(Named)"] = on_stream([](auto& s) { s.group_by_key().count(Named{"x"}); });
  all["count(Materialized unnamed)"] = on_stream([](auto& s) { s.group_by_key().count({}); });
  all["count(Named, Materialized unnamed)"] =
      on_stream([](auto& s) { s.group_by_key().count({}, {.name = "x"}); });
  all["count(Materialized named)"] =
      on_stream([](auto& s) { s.group_by_key().count({.name = "x"}); });
}

template <class W>
auto windowed(const Stream& s, const W& windows) {
  return s.group_by_key().windowed_by(windows);
}

void add_windows(Operators& all) {
  constexpr TimeWindows time{.size = 5s};
  constexpr SlidingWindows sliding{.time_difference = 5s};
  constexpr SessionWindows session{.inactivity_gap = 5s};
  all["time window count()"] = on_stream([=](auto& s) { windowed(s, time).count(); });
  all["time window count(Materialized unnamed)"] =
      on_stream([=](auto& s) { windowed(s, time).count({}); });
  all["time window reduce"] = on_stream([=](auto& s) { windowed(s, time).reduce(first); });
  all["sliding window count()"] = on_stream([=](auto& s) { windowed(s, sliding).count(); });
  all["sliding window count(Materialized unnamed)"] =
      on_stream([=](auto& s) { windowed(s, sliding).count({}); });
  all["session window count()"] = on_stream([=](auto& s) { windowed(s, session).count(); });
  all["session window count(Materialized unnamed)"] =
      on_stream([=](auto& s) { windowed(s, session).count({}); });
  all["session window reduce"] = on_stream([=](auto& s) { windowed(s, session).reduce(first); });
  all["cogroup 1 input aggregate"] =
      on_stream([](auto& s) { s.group_by_key().template cogroup<S>(fold).aggregate(empty); });
  all["cogroup 1 input aggregate Named + store name"] = on_stream([](auto& s) {
    s.group_by_key().template cogroup<S>(fold).aggregate(empty, {.name = "y"}, {.name = "x"});
  });
  all["cogroup 1 input time window aggregate"] = on_stream([=](auto& s) {
    s.group_by_key().template cogroup<S>(fold).windowed_by(time).aggregate(empty);
  });
  all["cogroup 1 input aggregate [repartition required]"] =
      on_rekeyed([](auto& s) { s.group_by_key().template cogroup<S>(fold).aggregate(empty); });
}

Operator with_table(std::function<void(const Stream&, const Table&)> apply) {
  return {[](StreamsBuilder& b) {
            b.table<S, S>("t");
            b.stream<S, S>("s");
          },
          [apply](StreamsBuilder& b) {
            const Table table = b.table<S, S>("t");
            apply(b.stream<S, S>("s"), table);
          }};
}

void add_stream_joins(Operators& all) {
  constexpr JoinWindows windows = JoinWindows::within(5s);
  all["stream-stream join"] = on_stream([=](auto& s) { s.join(s, first, windows); });
  all["stream-stream leftJoin"] = on_stream([=](auto& s) { s.left_join(s, left, windows); });
  all["stream-stream outerJoin named"] = on_stream(
      [=](auto& s) { s.outer_join(s, either, windows, {.name = "x", .store_name = "y"}); });
  all["stream-stream join, both sides [repartition required]"] =
      on_rekeyed([=](auto& s) { s.join(s, first, windows); });
  all["stream-table join"] = with_table([](auto& s, auto& t) { s.join(t, first); });
  all["stream-table leftJoin named"] =
      with_table([](auto& s, auto& t) { s.left_join(t, left, {.name = "x"}); });
  all["stream-globaltable join"] = {[](StreamsBuilder& b) {
                                      b.global_table<S, S>("t");
                                      b.stream<S, S>("s");
                                    },
                                    [](StreamsBuilder& b) {
                                      const auto table = b.global_table<S, S>("t");
                                      b.stream<S, S>("s").join(table, same, first);
                                    }};
}

void add_tables(Operators& all) {
  all["table filter"] = on_table([](auto& t) { t.filter(always); });
  all["table filter Materialized unnamed"] =
      on_table([](auto& t) { t.filter(always, Materialized<S, S>{}); });
  all["table filter Materialized named"] =
      on_table([](auto& t) { t.filter(always, Materialized<S, S>{.name = "x"}); });
  all["table mapValues Materialized unnamed"] =
      on_table([](auto& t) { t.map_values(same, Materialized<S, S>{}); });
  all["table transformValues Materialized unnamed"] =
      on_table([](auto& t) { t.transform_values([] { return SameRow{}; }, Materialized<S, S>{}); });
  all["toStream"] = on_table([](auto& t) { t.to_stream(); });
  all["toStream(mapper)"] = on_table([](auto& t) { t.to_stream(same); });
  all["suppress"] = on_table([](auto& t) { t.suppress(until_time_limit(1s, {.max_records = 1})); });
  all["suppress named"] = on_table(
      [](auto& t) { t.suppress(until_time_limit(1s, {.max_records = 1}), {.name = "x"}); });
  all["table-table join (self)"] = on_table([](auto& t) { t.join(t, first); });
  all["table-table join named, Materialized unnamed"] =
      on_table([](auto& t) { t.left_join(t, left, Materialized<S, S>{}, {.name = "x"}); });
  all["table-table join Materialized named"] =
      on_table([](auto& t) { t.outer_join(t, either, Materialized<S, S>{.name = "x"}); });
  all["table groupBy"] = on_table([](auto& t) { t.group_by(itself); });
  all["table groupBy.count()"] = on_table([](auto& t) { t.group_by(itself).count(); });
  all["table groupBy.count(Materialized unnamed)"] =
      on_table([](auto& t) { t.group_by(itself).count({}); });
  all["table groupBy.reduce Named + store name"] = on_table(
      [](auto& t) { t.group_by(itself).reduce(first, first, {.name = "y"}, {.name = "x"}); });
  all["fk join (self), no Materialized"] = on_table([](auto& t) { t.join(t, same, first); });
  all["fk join named, store named"] =
      on_table([](auto& t) { t.join(t, same, first, {.name = "x"}, {.name = "y"}); });
}

Operators operators() {
  Operators all;
  add_sources(all);
  add_stateless(all);
  add_aggregations(all);
  add_windows(all);
  add_stream_joins(all);
  add_tables(all);
  return all;
}

// print() has no counterpart: peek() with a lambda that prints takes its place.
const std::set<std::string> without_counterpart = {"print named"};

// The number that a source behind the program gets.
int next_number(const Program& program) {
  StreamsBuilder builder;
  program(builder);
  builder.stream<S, S>("probe").to("probe-out");
  const Topology topology = builder.build();
  for (const topology::NodeSpec& node : topology.plan().nodes) {
    if (node.topics == std::vector<std::string>{"probe"}) {
      return std::stoi(node.name.substr(node.name.size() - 10));
    }
  }
  throw std::logic_error("the source of the probe is gone");
}

TEST(NameNumbers, EachOperatorUsesAsManyAsTheReferences) {
  const Operators all = operators();
  for (const json& recorded : golden_file("index_counters.json")) {
    const std::string name = recorded["operator"];
    if (without_counterpart.contains(name)) continue;
    ASSERT_TRUE(all.contains(name)) << name;
    const Operator& op = all.at(name);
    EXPECT_EQ(next_number(op.with) - next_number(op.before),
              recorded["indexes_consumed"].get<int>())
        << name;
  }
}

}  // namespace
}  // namespace moldau::test
