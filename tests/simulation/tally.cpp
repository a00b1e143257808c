#include "simulation/tally.h"

namespace moldau::simulation {

namespace {

void add_all(std::map<std::string, std::int64_t>& to,
             const std::map<std::string, std::int64_t>& from) {
  for (const auto& [name, count] : from) to[name] += count;
}

}  // namespace

void Tally::add(const Tally& other) {
  runs += other.runs;
  steps += other.steps;
  records += other.records;
  commits += other.commits;
  aborts += other.aborts;
  restorations += other.restorations;
  checked_batches += other.checked_batches;
  add_all(faults, other.faults);
  add_all(deaths, other.deaths);
  add_all(stops, other.stops);
  add_all(parts, other.parts);
}

}  // namespace moldau::simulation
