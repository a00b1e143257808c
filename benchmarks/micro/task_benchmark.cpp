// What a record costs in a task, from the bytes a consumer hands over to the bytes a producer gets.
// Besides the time: heap allocations per record, on the thread that runs the task.

#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/builtin.h"
#include "moldau/serde/raw_bytes.h"

#include "micro/fed_task.h"
#include "micro/run_task.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace {

using benchmarks::FedTask;
using benchmarks::Input;
using moldau::ByteBuffer;
using moldau::StoreType;

constexpr std::int64_t many_keys = 100'000;

// source, filter, map_values, sink; long keys, byte values.
void stateless(benchmark::State& state) {
  moldau::StreamsBuilder builder;
  builder.stream<std::int64_t, ByteBuffer>("in")
      .filter([](const ByteBuffer& value) { return !value.empty(); })
      .map_values([](const ByteBuffer& value) -> const ByteBuffer& { return value; })
      .to("out");
  FedTask task{builder.build(), Input{many_keys}};
  benchmarks::run_task(state, task);
}

// The same with keys and values as texts.
void stateless_texts(benchmark::State& state) {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .filter([](const std::string& value) { return !value.empty(); })
      .map_values([](const std::string& value) -> const std::string& { return value; })
      .to("out");
  FedTask task{builder.build(), Input{many_keys}};
  benchmarks::run_task(state, task);
}

// count() of `state.range(0)` keys, committed every 50,000 records.
void count(benchmark::State& state, StoreType type, std::size_t cache_bytes = 0) {
  moldau::StreamsBuilder builder;
  builder.stream<std::int64_t, ByteBuffer>("in")
      .group_by_key()
      .count({.name = "counts", .type = type})
      .to_stream()
      .to("out");
  FedTask task{builder.build(), Input{state.range(0)}, cache_bytes};
  benchmarks::run_task(state, task);
}

void count_cached(benchmark::State& state, StoreType type) { count(state, type, 10U << 20); }

BENCHMARK(stateless)->Unit(benchmark::kMillisecond);
BENCHMARK(stateless_texts)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, in_memory, StoreType::in_memory)
    ->Arg(1'000)
    ->Arg(many_keys)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, rocksdb, StoreType::rocksdb)
    ->Arg(1'000)
    ->Arg(many_keys)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count_cached, rocksdb, StoreType::rocksdb)
    ->Arg(1'000)
    ->Arg(many_keys)
    ->Unit(benchmark::kMillisecond);

}  // namespace
