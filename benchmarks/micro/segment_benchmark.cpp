// What a window store costs while its old segments leave: with each row that is put time moves on,
// so that there are always as many rows as the benchmark has keys. What a row costs must not depend
// on how many others there are, nor on how many leave with a segment.

#include "moldau/state/window_rows.h"

#include "micro/lone_store.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>

namespace {

using namespace std::chrono_literals;
using benchmarks::NumberedKey;
using moldau::ByteBuffer;
using moldau::Bytes;
using moldau::StoreType;
using moldau::Timestamp;

constexpr std::chrono::milliseconds retention = 120s;

// A row a key, each of a window of its own.
class Windows {
 public:
  Windows(std::int64_t keys, StoreType type)
      : keys_(keys),
        store_({.name = {},
                .type = type,
                .kind = moldau::state::StoreKind::window,
                .retention = retention,
                .segment_interval = retention / 4,
                .window_size = 1s}) {
    rows_.open(store_.store());
    for (std::int64_t i = 0; i < 2 * keys; ++i) put_next();
  }

  // Puts the next row. Rows that are more than `keys` older than it have left.
  void put_next() {
    ++last_;
    const std::int64_t number = last_;
    rows_.put(NumberedKey{number}.bytes(), start_of(last_), Bytes{&number, sizeof number}, {});
    store_.written();
  }
  // False if the row that was put `age` rows ago is not there.
  [[nodiscard]] bool read(std::int64_t age) {
    const std::int64_t number = last_ - age;
    return rows_.get(NumberedKey{number}.bytes(), start_of(number), value_);
  }
  // How many windows of that row's key there are.
  [[nodiscard]] std::int64_t fetch(std::int64_t age) {
    const std::int64_t number = last_ - age;
    std::int64_t found = 0;
    const NumberedKey key{number};
    for (auto at = rows_.fetch(key.bytes(), {}, moldau::state::Direction::forward); at->valid();
         at->next()) {
      ++found;
    }
    return found;
  }

 private:
  [[nodiscard]] Timestamp start_of(std::int64_t number) const {
    return Timestamp{number * retention.count() / keys_};
  }

  std::int64_t keys_;
  benchmarks::LoneStore store_;
  moldau::state::WindowRows rows_;
  std::int64_t last_ = 0;
  ByteBuffer value_;
};

// Any of the newer half of the rows.
class SomeAge {
 public:
  explicit SomeAge(std::int64_t keys) : keys_(keys / 2) {}
  std::int64_t next() { return at_ = (at_ + 7919) % keys_; }

 private:
  std::int64_t keys_;
  std::int64_t at_ = 0;
};

// A row is put and an older one read, as by a windowed aggregation.
void segment_expiry(benchmark::State& state, StoreType type) {
  Windows& windows = benchmarks::filled_once<Windows>(state.range(0), type);
  SomeAge age{state.range(0)};
  benchmarks::run_turns(state, [&] {
    windows.put_next();
    return windows.read(age.next());
  });
}

// A row is put, and those of another key are gone over, as by a stream-stream join.
void segment_expiry_with_fetch(benchmark::State& state, StoreType type) {
  Windows& windows = benchmarks::filled_once<Windows>(state.range(0), type);
  SomeAge age{state.range(0)};
  benchmarks::run_turns(state, [&] {
    windows.put_next();
    return windows.fetch(age.next()) == 1;
  });
}

WITH_OTHER_KEYS(segment_expiry);
WITH_OTHER_KEYS(segment_expiry_with_fetch);

}  // namespace
