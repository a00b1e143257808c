#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/kafka/consumer.h"
#include "moldau/kafka/values.h"
#include "moldau/streams/config.h"
#include "moldau/topology/topology.h"

#include "simulation/dice.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace moldau::simulation {

// What an application is made of. Each part has topics of its own.
enum class Part : std::uint8_t { stateless, count, totals, window, join, repartition };
[[nodiscard]] std::string_view name(Part part);

// A record that somebody writes to an input topic.
struct Input {
  std::string topic;
  std::string key;
  std::string value;
  Timestamp time;
  std::int64_t step = 0;  // when it is written
};

// What the application of a run is and what it reads.
struct Workload {
  std::vector<Part> parts;
  std::int32_t partitions = 2;
  bool exactly_once = true;
  int threads = 1;
  bool caching = false;
  std::chrono::milliseconds commit_interval{50};
  std::chrono::milliseconds purge_interval{1000};
  std::size_t buffered_records = 1000;
  std::int64_t poll_records = 1000;
  std::chrono::milliseconds window{1000};
  // So long that no record is late: what an operator has seen of time is not kept over a restart.
  std::chrono::milliseconds grace{std::chrono::hours{1}};
  std::vector<Input> inputs;  // in the order in which they are written

  [[nodiscard]] bool has(Part part) const;
  // Whether what happens does not depend on the machine's time: a store of windows forgets by the
  // time of records, its changelog topic by that of the machine.
  [[nodiscard]] bool timeless() const { return !has(Part::window) && !has(Part::join); }
};

inline constexpr std::string_view application_id = "app";
inline constexpr Timestamp beginning{std::int64_t{1'700'000'000'000}};

[[nodiscard]] Workload make_workload(Dice& dice, std::int64_t steps);

[[nodiscard]] Topology make_topology(const Workload& workload);
[[nodiscard]] Config make_config(const Workload& workload);
// To be made before anything starts.
[[nodiscard]] std::vector<kafka::NewTopic> make_topics(const Workload& workload);
// Those of the key-value stores whose rows are one for each changelog record's key.
[[nodiscard]] std::vector<std::string> plain_stores(const Workload& workload);

// A record of an output topic, read as committed.
struct Output {
  std::string key;
  std::optional<std::string> value;
};
// By topic and then by partition, in the order of their offsets.
using Outputs = std::map<std::string, std::vector<std::vector<Output>>>;

[[nodiscard]] std::vector<std::string> output_topics(const Workload& workload);
// What is wrong with them, given that all inputs have been processed; empty if nothing is.
[[nodiscard]] std::string find_mistake(const Workload& workload, const Outputs& outputs);

}  // namespace moldau::simulation
