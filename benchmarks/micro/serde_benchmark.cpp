// What a serde costs: a value to bytes, and bytes to a value that is filled again and again.

#include "moldau/serde/builtin.h"
#include "moldau/serde/list.h"
#include "moldau/serde/optional.h"
#include "moldau/serde/raw_bytes.h"
#include "moldau/serde/uuid.h"

#include "allocation/counting_new.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using moldau::ByteBuffer;
using moldau::Serde;

// What is serialised: of a usual size.
template <class T>
T sample() {
  if constexpr (std::is_same_v<T, std::string>) {
    return std::string(100, 'x');
  } else if constexpr (std::is_same_v<T, ByteBuffer>) {
    return ByteBuffer{moldau::Bytes{std::string(100, 'x')}};
  } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
    return std::vector<std::int64_t>(10, 42);
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return std::vector<std::string>(10, std::string(20, 'x'));
  } else if constexpr (std::is_same_v<T, moldau::Uuid>) {
    return *moldau::parse_uuid("01234567-89ab-cdef-0123-456789abcdef");
  } else {
    return T{42};
  }
}

void report(benchmark::State& state, std::int64_t allocated) {
  state.SetItemsProcessed(state.iterations());
  state.counters["allocations/value"] =
      static_cast<double>(allocated) / static_cast<double>(state.iterations());
}

template <class T>
void serialize(benchmark::State& state) {
  const T value = sample<T>();
  ByteBuffer bytes;
  Serde<T>::serialize(value, bytes);
  const std::int64_t before = allocations();
  for ([[maybe_unused]] auto turn : state) {
    bytes.clear();
    Serde<T>::serialize(value, bytes);
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
  }
  report(state, allocations() - before);
}

template <class T>
void deserialize(benchmark::State& state) {
  ByteBuffer bytes;
  Serde<T>::serialize(sample<T>(), bytes);
  T value{};
  Serde<T>::deserialize(bytes, value);
  const std::int64_t before = allocations();
  for ([[maybe_unused]] auto turn : state) {
    Serde<T>::deserialize(bytes, value);
    benchmark::DoNotOptimize(value);
    benchmark::ClobberMemory();
  }
  report(state, allocations() - before);
}

BENCHMARK(serialize<std::int64_t>);
BENCHMARK(deserialize<std::int64_t>);
BENCHMARK(serialize<double>);
BENCHMARK(deserialize<double>);
BENCHMARK(serialize<std::optional<std::int64_t>>);
BENCHMARK(deserialize<std::optional<std::int64_t>>);
BENCHMARK(serialize<std::string>);
BENCHMARK(deserialize<std::string>);
BENCHMARK(serialize<ByteBuffer>);
BENCHMARK(deserialize<ByteBuffer>);
BENCHMARK(serialize<moldau::Uuid>);
BENCHMARK(deserialize<moldau::Uuid>);
BENCHMARK(serialize<std::vector<std::int64_t>>);
BENCHMARK(deserialize<std::vector<std::int64_t>>);
BENCHMARK(serialize<std::vector<std::string>>);
BENCHMARK(deserialize<std::vector<std::string>>);

}  // namespace
