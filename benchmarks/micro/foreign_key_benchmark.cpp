// What it costs to find who has subscribed to one row of the other table in a foreign-key join. It
// must depend on how many these are, and not on how many other subscriptions there are.

#include "moldau/metrics/metric_registry.h"
#include "moldau/processor/subscription_rows.h"
#include "moldau/state/storage.h"

#include "base/temporary_folder.h"
#include "state/open_store.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using moldau::ByteBuffer;
using moldau::Bytes;
using moldau::StoreType;
using moldau::processor::Subscription;
using moldau::processor::SubscriptionCursor;
using moldau::processor::SubscriptionRows;

constexpr std::int64_t rows_per_foreign_key = 10;
constexpr std::int64_t rows_per_commit = 50'000;

// The store of a join with that many subscriptions, ten to each foreign key.
class Subscriptions {
 public:
  Subscriptions(std::int64_t count, StoreType type)
      : store_(moldau::state::open_store({.name = "subscriptions",
                                          .type = type,
                                          .layout = moldau::state::ValueLayout::plain,
                                          .caching = false,
                                          .logging = false},
                                         {.storage = *storage_,
                                          .folder = folder_.path() / "subscriptions",
                                          .changelog = {},
                                          .logger = *logger_,
                                          .metrics = metrics_})) {
    rows_.open(*store_);
    subscription_.hash = moldau::processor::hash_of_row(Bytes{std::string_view{"a row"}});
    subscription_.primary_partition = moldau::PartitionId{3};
    for (std::int64_t i = 0; i < count; ++i) {
      subscribe(i);
      if (i % rows_per_commit == 0) commit();
    }
    commit();
  }

  // Row `row` subscribes, as its last change says.
  void subscribe(std::int64_t row) {
    turn_to(row / rows_per_foreign_key);
    const std::string key = "row-" + std::to_string(row);
    subscription_.primary_key.assign(Bytes{std::string_view{key}});
    rows_.put(subscription_, {});
  }
  void commit() { store_->commit(std::nullopt); }

  // Reads all subscriptions to a foreign key. How many these are.
  std::int64_t read(std::int64_t foreign_key) {
    turn_to(foreign_key);
    std::int64_t found = 0;
    for (SubscriptionCursor at = rows_.subscriptions(); at.valid(); at.next()) {
      benchmark::DoNotOptimize(at.subscription().hash);
      ++found;
    }
    return found;
  }

 private:
  void turn_to(std::int64_t foreign_key) {
    // Not in the order of the numbers, as real ones.
    const auto scattered = static_cast<std::uint64_t>(foreign_key) * 0x9e3779b97f4a7c15;
    rows_.start_foreign_key().append(Bytes{&scattered, sizeof scattered});
  }

  moldau::TemporaryFolder folder_;
  std::shared_ptr<moldau::state::Storage> storage_ = moldau::state::make_rocksdb_storage();
  std::shared_ptr<moldau::Logger> logger_ = moldau::make_silent_logger();
  moldau::MetricRegistry metrics_;
  std::unique_ptr<moldau::state::KeyValueBytesStore> store_;
  SubscriptionRows rows_;
  Subscription subscription_;
};

void check(benchmark::State& state, std::int64_t found) {
  if (found != rows_per_foreign_key) state.SkipWithError("a subscription is missing");
}

// A change of a row of the other table: who has subscribed to it?
void read_one_key(benchmark::State& state, StoreType type) {
  Subscriptions subscriptions{state.range(0), type};
  const std::int64_t foreign_keys = state.range(0) / rows_per_foreign_key;
  std::int64_t at = 0;
  for ([[maybe_unused]] auto turn : state) {
    check(state, subscriptions.read(at));
    at = (at + 7919) % foreign_keys;
  }
}

// The same while rows of the left table change too: there is always something uncommitted.
void read_while_written(benchmark::State& state, StoreType type) {
  Subscriptions subscriptions{state.range(0), type};
  const std::int64_t foreign_keys = state.range(0) / rows_per_foreign_key;
  std::int64_t at = 0;
  std::int64_t writes = 0;
  for ([[maybe_unused]] auto turn : state) {
    subscriptions.subscribe((at * 31 + 17) % state.range(0));
    if (++writes % rows_per_commit == 0) subscriptions.commit();
    check(state, subscriptions.read(at));
    at = (at + 7919) % foreign_keys;
  }
}

void read_in_memory(benchmark::State& state) { read_one_key(state, StoreType::in_memory); }
void read_in_rocksdb(benchmark::State& state) { read_one_key(state, StoreType::rocksdb); }
void read_while_written_in_memory(benchmark::State& state) {
  read_while_written(state, StoreType::in_memory);
}
void read_while_written_in_rocksdb(benchmark::State& state) {
  read_while_written(state, StoreType::rocksdb);
}

BENCHMARK(read_in_memory)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(read_in_rocksdb)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(read_while_written_in_memory)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(read_while_written_in_rocksdb)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
