#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace moldau::simulation {

// What happened in one run or many.
struct Tally {
  std::int64_t runs = 0;
  std::int64_t steps = 0;
  std::int64_t records = 0;
  std::int64_t commits = 0;
  std::int64_t aborts = 0;
  std::int64_t restorations = 0;  // tasks that began to process
  std::int64_t checked_batches = 0;
  std::map<std::string, std::int64_t> faults;  // injected, by kind
  std::map<std::string, std::int64_t> deaths;  // by the point at which the process died
  std::map<std::string, std::int64_t> stops;   // by the point at which it was stopped
  std::map<std::string, std::int64_t> parts;   // of applications

  void add(const Tally& other);
};

}  // namespace moldau::simulation
