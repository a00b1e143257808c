#pragma once

#include "moldau/base/clock.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/storage.h"
#include "moldau/state/store_spec.h"

#include "allocation/counting_new.h"
#include "base/temporary_folder.h"
#include "state/open_store.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

namespace benchmarks {

// A store without task and changelog, in a folder of its own. What is written is committed every
// 500 writes: often enough for the rows of the smallest store to lie where those of the largest do.
class LoneStore {
 public:
  explicit LoneStore(moldau::state::StoreSpec spec)
      : store_(moldau::state::open_store(plain(std::move(spec)), {.storage = *storage_,
                                                                  .folder = folder_.path() / "s",
                                                                  .changelog = {},
                                                                  .logger = *logger_,
                                                                  .clock = moldau::system_clock(),
                                                                  .metrics = metrics_})) {}

  [[nodiscard]] moldau::state::KeyValueBytesStore& store() { return *store_; }

  void commit() { store_->commit(std::nullopt); }
  // Said after each write.
  void written() {
    if (++writes_ % writes_per_commit == 0) commit();
  }

 private:
  static constexpr std::int64_t writes_per_commit = 500;

  static moldau::state::StoreSpec plain(moldau::state::StoreSpec spec) {
    spec.name = "s";
    spec.layout = moldau::state::ValueLayout::plain;
    spec.caching = false;
    spec.logging = false;
    return spec;
  }

  moldau::TemporaryFolder folder_;
  std::shared_ptr<moldau::state::Storage> storage_ = moldau::state::make_rocksdb_storage();
  std::shared_ptr<moldau::Logger> logger_ = moldau::make_silent_logger();
  moldau::MetricRegistry metrics_;
  std::unique_ptr<moldau::state::KeyValueBytesStore> store_;
  std::int64_t writes_ = 0;
};

// The bytes of a key with that number. Neighbouring numbers lie far apart, as real keys do.
class NumberedKey {
 public:
  explicit NumberedKey(std::int64_t number)
      : bytes_(static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15) {}

  // Valid as long as this.
  [[nodiscard]] moldau::Bytes bytes() const { return {&bytes_, sizeof bytes_}; }

 private:
  std::uint64_t bytes_;
};

// What the last call made, if it was for the same number of keys and type, otherwise a new one: the
// library calls a benchmark several times to find out how often to run its loop, and a store takes
// long to fill.
template <class Filled>
Filled& filled_once(std::int64_t keys, moldau::StoreType type) {
  struct Last {
    std::int64_t keys;
    moldau::StoreType type;
    Filled filled;
  };
  static std::unique_ptr<Last> last;
  if (last == nullptr || last->keys != keys || last->type != type) {
    last.reset();
    last.reset(new Last{keys, type, Filled{keys, type}});
    // Before the globals of RocksDB, which it made on the way, go.
    std::atexit([] { last.reset(); });
  }
  return last->filled;
}

// Calls `turn` in the loop of a benchmark: time and heap allocations of a call. It says false if
// what it found is wrong.
template <class Turn>
void run_turns(benchmark::State& state, Turn turn) {
  const std::int64_t before = allocations();
  for ([[maybe_unused]] auto each : state) {
    if (!turn()) state.SkipWithError("a row is missing, or there are too many");
  }
  const std::int64_t after = allocations();
  state.counters["allocations/record"] =
      static_cast<double>(after - before) / static_cast<double>(state.iterations());
}

}  // namespace benchmarks

// One benchmark for 10^3, 10^5 and 10^6 keys, in memory and in RocksDB.
#define WITH_OTHER_KEYS(name)                                      \
  BENCHMARK_CAPTURE(name, in_memory, moldau::StoreType::in_memory) \
      ->Arg(1'000)                                                 \
      ->Arg(100'000)                                               \
      ->Arg(1'000'000);                                            \
  BENCHMARK_CAPTURE(name, rocksdb, moldau::StoreType::rocksdb)     \
      ->Arg(1'000)                                                 \
      ->Arg(100'000)                                               \
      ->Arg(1'000'000)
