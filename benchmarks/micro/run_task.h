#pragma once

#include "allocation/counting_new.h"
#include "micro/fed_task.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace benchmarks {

// Between two commits.
inline std::size_t records_per_iteration() {
  const char* wanted = std::getenv("MICRO_RECORDS");
  return wanted != nullptr ? std::stoul(wanted) : 50'000;
}

// Runs a task in the loop of a benchmark: time and heap allocations per record, with a commit in
// each iteration.
inline void run_task(benchmark::State& state, FedTask& task) {
  const std::size_t count = records_per_iteration();
  // Buffers reach their size, keys are met, and old windows leave.
  for (int i = 0; i < 3; ++i) {
    task.process(count);
    task.commit();
  }
  const std::int64_t before = allocations();
  for ([[maybe_unused]] auto turn : state) {
    task.process(count);
    task.commit();
  }
  const std::int64_t after = allocations();
  benchmark::DoNotOptimize(task.sent_bytes());
  const auto records = state.iterations() * static_cast<std::int64_t>(count);
  state.SetItemsProcessed(records);
  state.counters["ns/record"] =
      benchmark::Counter(static_cast<double>(records) / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["allocations/record"] =
      static_cast<double>(after - before) / static_cast<double>(records);
}

}  // namespace benchmarks
