// What it costs to find who has subscribed to one row of the other table in a foreign-key join. It
// must depend on how many these are, and not on how many other subscriptions there are.

#include "moldau/processor/subscription_rows.h"

#include "micro/lone_store.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using benchmarks::NumberedKey;
using moldau::Bytes;
using moldau::StoreType;
using moldau::processor::Subscription;
using moldau::processor::SubscriptionCursor;
using moldau::processor::SubscriptionRows;

constexpr std::int64_t rows_per_foreign_key = 10;

// The store of a join with that many subscriptions, ten to each foreign key.
class Subscriptions {
 public:
  Subscriptions(std::int64_t count, StoreType type) : store_({.name = {}, .type = type}) {
    rows_.open(store_.store());
    subscription_.hash = moldau::processor::hash_of_row(Bytes{std::string_view{"a row"}});
    subscription_.primary_partition = moldau::PartitionId{3};
    for (std::int64_t i = 0; i < count; ++i) subscribe(i);
    store_.commit();
  }

  // Row `row` subscribes, as its last change says.
  void subscribe(std::int64_t row) {
    turn_to(row / rows_per_foreign_key);
    const std::string key = "row-" + std::to_string(row);
    subscription_.primary_key.assign(Bytes{std::string_view{key}});
    rows_.put(subscription_, {});
    store_.written();
  }

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
    rows_.start_foreign_key().append(NumberedKey{foreign_key}.bytes());
  }

  benchmarks::LoneStore store_;
  SubscriptionRows rows_;
  Subscription subscription_;
};

// A change of a row of the other table: who has subscribed to it?
void foreign_key_scan(benchmark::State& state, StoreType type) {
  Subscriptions& subscriptions = benchmarks::filled_once<Subscriptions>(state.range(0), type);
  const std::int64_t foreign_keys = state.range(0) / rows_per_foreign_key;
  std::int64_t at = 0;
  benchmarks::run_turns(state, [&] {
    at = (at + 7919) % foreign_keys;
    return subscriptions.read(at) == rows_per_foreign_key;
  });
}

// The same while rows of the left table change too: there is always something uncommitted.
void foreign_key_scan_while_written(benchmark::State& state, StoreType type) {
  Subscriptions& subscriptions = benchmarks::filled_once<Subscriptions>(state.range(0), type);
  const std::int64_t foreign_keys = state.range(0) / rows_per_foreign_key;
  std::int64_t at = 0;
  benchmarks::run_turns(state, [&] {
    at = (at + 7919) % foreign_keys;
    subscriptions.subscribe((at * 31 + 17) % state.range(0));
    return subscriptions.read(at) == rows_per_foreign_key;
  });
}

WITH_OTHER_KEYS(foreign_key_scan);
WITH_OTHER_KEYS(foreign_key_scan_while_written);

}  // namespace
