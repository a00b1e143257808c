// What a record costs in each family of operators with state, with stores in memory and in RocksDB,
// from the bytes a consumer hands over to the bytes a producer gets. Topics between sub-topologies
// are included, without Kafka. One record a millisecond, of 1,000 keys; the two sides of a join
// take turns.

#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/builtin.h"
#include "moldau/serde/raw_bytes.h"

#include "micro/fed_task.h"
#include "micro/run_task.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace {

using namespace std::chrono_literals;
using benchmarks::FedTask;
using benchmarks::Input;
using moldau::ByteBuffer;
using moldau::KGroupedStream;
using moldau::KStream;
using moldau::KTable;
using moldau::StoreType;

using Key = std::int64_t;

constexpr std::int64_t keys = 1'000;

// Builds the part of a program between `stream("in")` and what it sends.
template <class Program>
void run(benchmark::State& state, Program&& program) {
  moldau::StreamsBuilder builder;
  std::forward<Program>(program)(builder);
  FedTask task{builder.build(), Input{keys}};
  benchmarks::run_task(state, task);
}

KGroupedStream<Key, ByteBuffer> grouped(moldau::StreamsBuilder& builder) {
  return builder.stream<Key, ByteBuffer>("in").group_by_key();
}

// What the programs do themselves allocates nothing: what is counted is the library's.
const ByteBuffer& first(const ByteBuffer& a, const ByteBuffer& /*b*/) { return a; }
const ByteBuffer& first_or_null(const ByteBuffer& a, const ByteBuffer* /*b*/) { return a; }

void reduce(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .reduce(
            [](ByteBuffer total, const ByteBuffer& value) {
              total.assign(value);
              return total;
            },
            {.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

// Of values of another type, by another key: behind a repartition topic.
void aggregate_by_new_key(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    b.template stream<Key, ByteBuffer>("in")
        .group_by([](Key key, const ByteBuffer& /*value*/) { return key / 10; })
        .aggregate([] { return std::int64_t{0}; },
                   [](std::int64_t total, const ByteBuffer& value) {
                     return total + static_cast<std::int64_t>(value.size());
                   },
                   {.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

void tumbling_count(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .windowed_by(moldau::TimeWindows{.size = 1s})
        .count({.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

// Five windows a record.
void hopping_count(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .windowed_by(moldau::TimeWindows{.size = 1s, .advance = 200ms})
        .count({.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

void sliding_count(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .windowed_by(moldau::SlidingWindows{.time_difference = 1s})
        .count({.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

void session_count(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .windowed_by(moldau::SessionWindows{.inactivity_gap = 1s})
        .count({.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

void emit_on_close(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .windowed_by(moldau::TimeWindows{.size = 1s})
        .emit_strategy(moldau::EmitStrategy::on_window_close)
        .count({.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

void suppress_until_close(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    grouped(b)
        .windowed_by(moldau::TimeWindows{.size = 1s})
        .count({.name = "s", .type = type})
        .suppress(moldau::until_window_closes())
        .to_stream()
        .to("out");
  });
}

void suppress_for_a_while(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    b.template table<Key, ByteBuffer>("in", {}, {.name = "t", .type = type})
        .suppress(moldau::until_time_limit(1s))
        .to_stream()
        .to("out");
  });
}

void stream_stream_inner(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    b.template stream<Key, ByteBuffer>("in")
        .join(b.template stream<Key, ByteBuffer>("other"), first,
              moldau::JoinWindows{.before = 500ms, .after = 500ms}, {.type = type})
        .to("out");
  });
}

void stream_stream_left(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    b.template stream<Key, ByteBuffer>("in")
        .left_join(b.template stream<Key, ByteBuffer>("other"), first_or_null,
                   moldau::JoinWindows{.before = 500ms, .after = 500ms}, {.type = type})
        .to("out");
  });
}

void stream_table(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    const auto table = b.template table<Key, ByteBuffer>("other", {}, {.name = "t", .type = type});
    b.template stream<Key, ByteBuffer>("in").left_join(table, first_or_null).to("out");
  });
}

void stream_versioned_table(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    const auto table =
        b.template table<Key, ByteBuffer>("other", {}, {.name = "t", .type = type, .history = 10s});
    b.template stream<Key, ByteBuffer>("in").left_join(table, first_or_null).to("out");
  });
}

// Records wait a second each.
void stream_versioned_table_grace(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    const auto table =
        b.template table<Key, ByteBuffer>("other", {}, {.name = "t", .type = type, .history = 10s});
    b.template stream<Key, ByteBuffer>("in")
        .left_join(table, first_or_null, {.grace = 1s})
        .to("out");
  });
}

void stream_global_table(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    const auto table =
        b.template global_table<Key, ByteBuffer>("g", {}, {.name = "g", .type = type});
    b.template stream<Key, ByteBuffer>("in")
        .left_join(
            table, [](Key key, const ByteBuffer& /*value*/) { return key; }, first_or_null)
        .to("out");
  });
}

void table_table(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    const auto left = b.template table<Key, ByteBuffer>("in", {}, {.name = "l", .type = type});
    const auto right = b.template table<Key, ByteBuffer>("other", {}, {.name = "r", .type = type});
    left.join(right, first).to_stream().to("out");
  });
}

// Ten rows on the left for each on the right that has some: a change there leads to ten results.
void foreign_key(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    const auto left = b.template table<Key, ByteBuffer>("in", {}, {.name = "l", .type = type});
    const auto right = b.template table<Key, ByteBuffer>("other", {}, {.name = "r", .type = type});
    left.join(right, [](Key key, const ByteBuffer& /*value*/) { return key / 10; }, first, {},
              {.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

void regroup(benchmark::State& state, StoreType type) {
  run(state, [type](auto& b) {
    b.template table<Key, ByteBuffer>("in", {}, {.name = "t", .type = type})
        .group_by([](Key key, const ByteBuffer& value) {
          return std::pair{key % 100, static_cast<std::int64_t>(value.size())};
        })
        .count({.name = "s", .type = type})
        .to_stream()
        .to("out");
  });
}

#define FAMILY(name)                                                                       \
  BENCHMARK_CAPTURE(name, in_memory, StoreType::in_memory)->Unit(benchmark::kMillisecond); \
  BENCHMARK_CAPTURE(name, rocksdb, StoreType::rocksdb)->Unit(benchmark::kMillisecond)

FAMILY(reduce);
FAMILY(aggregate_by_new_key);
FAMILY(tumbling_count);
FAMILY(hopping_count);
FAMILY(sliding_count);
FAMILY(session_count);
FAMILY(emit_on_close);
FAMILY(suppress_until_close);
FAMILY(suppress_for_a_while);
FAMILY(stream_stream_inner);
FAMILY(stream_stream_left);
FAMILY(stream_table);
FAMILY(stream_versioned_table);
FAMILY(stream_versioned_table_grace);
FAMILY(stream_global_table);
FAMILY(table_table);
FAMILY(foreign_key);
FAMILY(regroup);

}  // namespace
