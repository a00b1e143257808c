// What it costs to merge a record into a session of its key: find it, delete it, put the longer
// one. It must not depend on how many sessions of other keys there are.

#include "moldau/state/session_rows.h"

#include "micro/lone_store.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace {

using namespace std::chrono_literals;
using benchmarks::NumberedKey;
using moldau::Bytes;
using moldau::StoreType;
using moldau::Timestamp;
using moldau::state::TimeSpan;

constexpr std::chrono::milliseconds gap = 10min;
constexpr std::int64_t merged_keys = 100;

class Sessions {
 public:
  Sessions(std::int64_t keys, StoreType type)
      : store_({.name = {},
                .type = type,
                .kind = moldau::state::StoreKind::session,
                .retention = 240h}) {
    rows_.open(store_.store());
    for (std::int64_t key = 0; key < merged_keys + keys; ++key) {
      put(key, {now_, now_});
    }
    store_.commit();
  }

  // A record of that key comes, a millisecond after the last one. False if it has no session, or
  // two.
  [[nodiscard]] bool merge(std::int64_t key) {
    now_ = now_ + 1ms;
    const NumberedKey bytes{key};
    std::optional<TimeSpan> session;
    for (auto at =
             rows_.find(bytes.bytes(), now_ - gap, now_ + gap, moldau::state::Direction::forward);
         at->valid(); at->next()) {
      if (session) return false;
      session = TimeSpan{at->start(), at->end()};
    }
    if (!session) return false;
    rows_.put(bytes.bytes(), *session, std::nullopt, {});
    put(key, {session->from, now_});
    return true;
  }

 private:
  void put(std::int64_t key, TimeSpan session) {
    rows_.put(NumberedKey{key}.bytes(), session, Bytes{&key, sizeof key}, {});
    store_.written();
  }

  benchmarks::LoneStore store_;
  moldau::state::SessionRows rows_;
  Timestamp now_{0};
};

void session_merge(benchmark::State& state, StoreType type) {
  Sessions& sessions = benchmarks::filled_once<Sessions>(state.range(0), type);
  std::int64_t key = 0;
  benchmarks::run_turns(state, [&] {
    key = (key + 1) % merged_keys;
    return sessions.merge(key);
  });
}

WITH_OTHER_KEYS(session_merge);

}  // namespace
