#include "moldau/moldau.h"

#include "simulation/workload.h"

namespace moldau::simulation {

namespace {

using Text = std::string;
using namespace std::chrono_literals;

void add_stateless(StreamsBuilder& builder) {
  builder.stream<Text, Text>("lines")
      .filter([](const Text& value) { return value.back() != '7'; })
      .map_values([](const Text& value) { return "<" + value + ">"; })
      .to("stateless-out");
}

void add_count(StreamsBuilder& builder, const Workload& workload) {
  builder.stream<Text, Text>("events")
      .group_by_key()
      .count({.name = "event-counts", .caching = workload.caching})
      .to_stream()
      .map_values([](std::int64_t count) { return std::to_string(count); })
      .to("count-out");
}

// Counts since the last "-", which deletes the row.
void add_totals(StreamsBuilder& builder, const Workload& workload) {
  builder.stream<Text, Text>("amounts")
      .group_by_key()
      .aggregate([] { return Text{"0"}; },
                 [](const Text& total, const Text& value) -> std::optional<Text> {
                   if (value == "-") return std::nullopt;
                   return std::to_string(std::stoll(total) + 1);
                 },
                 Materialized<Text, Text>{.name = "running-totals", .caching = workload.caching})
      .to_stream()
      .to("totals-out");
}

void add_window(StreamsBuilder& builder, const Workload& workload) {
  builder.stream<Text, Text>("clicks")
      .group_by_key()
      .windowed_by(TimeWindows{.size = workload.window, .grace = workload.grace})
      .count({.name = "click-counts", .caching = workload.caching})
      .to_stream()
      .map([](const Windowed<Text>& key, std::int64_t count) {
        return std::pair{key.key + "@" + std::to_string(key.window.start.milliseconds()),
                         std::to_string(count)};
      })
      .to("window-out");
}

void add_join(StreamsBuilder& builder, const Workload& workload) {
  builder.stream<Text, Text>("left")
      .join(builder.stream<Text, Text>("right"),
            [](const Text& left, const Text& right) { return left + "+" + right; },
            JoinWindows::within(workload.window, 1h), {.name = "pairs", .store_name = "pairs"})
      .to("join-out");
}

void add_repartition(StreamsBuilder& builder, const Workload& workload) {
  builder.stream<Text, Text>("orders")
      .group_by([](const Text& order) { return order.substr(0, order.find('/')); },
                {.name = "by-customer"})
      .count({.name = "order-counts", .caching = workload.caching})
      .to_stream()
      .map_values([](std::int64_t count) { return std::to_string(count); })
      .to("repartition-out");
}

}  // namespace

Topology make_topology(const Workload& workload) {
  StreamsBuilder builder;
  for (const Part part : workload.parts) {
    switch (part) {
      case Part::stateless:
        add_stateless(builder);
        break;
      case Part::count:
        add_count(builder, workload);
        break;
      case Part::totals:
        add_totals(builder, workload);
        break;
      case Part::window:
        add_window(builder, workload);
        break;
      case Part::join:
        add_join(builder, workload);
        break;
      case Part::repartition:
        add_repartition(builder, workload);
        break;
    }
  }
  return builder.build();
}

}  // namespace moldau::simulation
