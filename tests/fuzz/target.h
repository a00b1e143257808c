#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

// What fuzz targets are made of. A target is a program of libFuzzer's: it is called with bytes that
// may be anything, and ends the program when a rule is broken, so that the bytes are kept.
namespace moldau::fuzz {

// One run of a target. Each target defines it.
void run(Bytes input);

// Ends the program.
[[noreturn]] void broken(const char* rule);
inline void require(bool holds, const char* rule) {
  if (!holds) broken(rule);
}

// Takes from the front of the input what decides about a run. An input that ends early decides for
// zeros.
class Choices {
 public:
  explicit Choices(Bytes input) noexcept : rest_(input) {}

  // One of 0 to `count` - 1.
  [[nodiscard]] std::size_t one_of(std::size_t count) noexcept {
    return number<std::uint8_t>() % count;
  }

  template <std::integral T>
  [[nodiscard]] T number() noexcept {
    if (rest_.size() < sizeof(T)) return T{0};
    const T value = load_big_endian<T>(rest_.data());
    rest_ = rest_.without_first(sizeof(T));
    return value;
  }

  // Bytes that their length, `T`, stands before; fewer at the end of the input.
  template <std::integral T>
  [[nodiscard]] Bytes piece() noexcept {
    const auto wanted = static_cast<std::size_t>(number<T>());
    const std::size_t size = std::min(wanted, rest_.size());
    const Bytes taken = rest_.first(size);
    rest_ = rest_.without_first(size);
    return taken;
  }

  [[nodiscard]] Bytes rest() const noexcept { return rest_; }

 private:
  Bytes rest_;
};

// Stands for the exception of decoders that throw none.
struct Nothing {};

// How much memory a decoder may hold at a time.
struct MemoryBound {
  std::size_t per_byte = 8;  // of its input
  std::size_t fixed = std::size_t{64} * 1024;
};

// Counts the memory that the program takes while it lives. One at a time, one thread.
class MemoryWatch {
 public:
  MemoryWatch() noexcept;
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;
  ~MemoryWatch();
  [[nodiscard]] std::size_t most() const noexcept;
};

// Calls `decode`, which reads `input`. True if it understood; false if it threw Refusal, the one
// exception that it may throw. Ends the program if it took too much memory.
template <class Refusal, class Decode>
[[nodiscard]] bool understood(Bytes input, Decode decode, MemoryBound bound = {}) {
  const MemoryWatch watch;
  bool result = true;
  try {
    decode();
  } catch (const Refusal&) {
    result = false;
  }
  require(watch.most() <= bound.per_byte * input.size() + bound.fixed,
          "a decoder takes memory in proportion to its input");
  return result;
}

}  // namespace moldau::fuzz
