#include "simulation/workload.h"

#include <algorithm>
#include <array>

namespace moldau::simulation {

namespace {

using namespace std::chrono_literals;

constexpr std::array all_parts{Part::stateless, Part::count, Part::totals,
                               Part::window,    Part::join,  Part::repartition};
constexpr std::int64_t fewest_inputs = 200;
constexpr std::int64_t most_inputs = 300;

std::vector<std::string> input_topics(Part part) {
  switch (part) {
    case Part::stateless:
      return {"lines"};
    case Part::count:
      return {"events"};
    case Part::totals:
      return {"amounts"};
    case Part::window:
      return {"clicks"};
    case Part::join:
      return {"left", "right"};
    case Part::repartition:
      return {"orders"};
  }
  return {};
}

std::string random_value(Dice& dice, Part part, std::int64_t number) {
  switch (part) {
    case Part::totals:
      // "-" deletes the row.
      return dice.one_in(4) ? "-" : "+" + std::to_string(number);
    case Part::repartition:
      return "customer-" + std::to_string(dice.between(0, 7)) + "/" + std::to_string(number);
    default:
      return std::to_string(number);
  }
}

}  // namespace

std::string_view name(Part part) {
  switch (part) {
    case Part::stateless:
      return "stateless";
    case Part::count:
      return "count";
    case Part::totals:
      return "totals";
    case Part::window:
      return "window";
    case Part::join:
      return "join";
    case Part::repartition:
      return "repartition";
  }
  return "";
}

bool Workload::has(Part part) const { return std::ranges::find(parts, part) != parts.end(); }

Workload make_workload(Dice& dice, std::int64_t steps) {
  Workload workload;
  const std::int64_t parts = dice.between(1, 2);
  while (std::ssize(workload.parts) < parts) {
    const Part part = dice.one_of(all_parts);
    if (!workload.has(part)) workload.parts.push_back(part);
  }
  std::ranges::sort(workload.parts);
  workload.partitions = static_cast<std::int32_t>(dice.between(2, 4));
  workload.exactly_once = !dice.one_in(8);
  workload.threads = static_cast<int>(dice.between(1, 2));
  workload.caching = dice.one_in(3);
  workload.commit_interval = std::chrono::milliseconds{dice.between(5, 150)};
  workload.purge_interval = std::chrono::milliseconds{dice.between(50, 2000)};
  workload.buffered_records = static_cast<std::size_t>(dice.one_in(3) ? dice.between(1, 10) : 1000);
  workload.poll_records = dice.one_in(3) ? dice.between(1, 10) : 1000;

  std::vector<std::pair<Part, std::string>> topics;
  for (const Part part : workload.parts) {
    for (std::string& topic : input_topics(part)) topics.emplace_back(part, std::move(topic));
  }
  const std::int64_t inputs = dice.between(fewest_inputs, most_inputs);
  const std::int64_t keys = dice.between(3, 12);
  for (std::int64_t number = 0; number < inputs; ++number) {
    const auto& [part, topic] = dice.one_of(topics);
    workload.inputs.push_back(
        {.topic = topic,
         .key = "key-" + std::to_string(dice.between(1, keys)),
         .value = random_value(dice, part, number),
         .time = beginning + number * 50ms - std::chrono::milliseconds{dice.between(0, 500)},
         .step = dice.between(0, steps)});
  }
  std::ranges::stable_sort(workload.inputs, {}, &Input::step);
  return workload;
}

Config make_config(const Workload& workload) {
  Config config{.application_id = std::string{application_id}};
  config.processing_guarantee = workload.exactly_once ? ProcessingGuarantee::exactly_once_v2
                                                      : ProcessingGuarantee::at_least_once;
  config.num_stream_threads = workload.threads;
  config.commit_interval = workload.commit_interval;
  config.repartition_purge_interval = workload.purge_interval;
  config.buffered_records_per_partition = workload.buffered_records;
  config.clients.emplace("main.consumer.max.poll.records", std::to_string(workload.poll_records));
  // A clock that jumps would end any patience, and a broker that is slow is no error here.
  config.task_timeout = std::chrono::hours{24 * 365};
  if (!workload.caching) config.statestore_cache_max_bytes = 0;
  return config;
}

std::vector<kafka::NewTopic> make_topics(const Workload& workload) {
  std::vector<kafka::NewTopic> topics;
  const auto add = [&](std::string topic) {
    topics.push_back({.name = std::move(topic), .partitions = workload.partitions, .config = {}});
  };
  for (const Part part : workload.parts) {
    for (std::string& topic : input_topics(part)) add(std::move(topic));
  }
  for (std::string& topic : output_topics(workload)) add(std::move(topic));
  return topics;
}

std::vector<std::string> plain_stores(const Workload& workload) {
  std::vector<std::string> stores;
  if (workload.has(Part::count)) stores.emplace_back("event-counts");
  if (workload.has(Part::totals)) stores.emplace_back("running-totals");
  if (workload.has(Part::repartition)) stores.emplace_back("order-counts");
  return stores;
}

std::vector<std::string> output_topics(const Workload& workload) {
  std::vector<std::string> topics;
  for (const Part part : workload.parts) topics.push_back(std::string{name(part)} + "-out");
  return topics;
}

}  // namespace moldau::simulation
