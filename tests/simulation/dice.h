#pragma once

#include <cstddef>
#include <cstdint>

namespace moldau::simulation {

// Where every choice of a run comes from: the same seed gives the same choices, everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) noexcept : state_(seed) {}

  // SplitMix64.
  [[nodiscard]] std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

  // Both ends included. REQUIRES: least <= most.
  [[nodiscard]] std::int64_t between(std::int64_t least, std::int64_t most) noexcept {
    return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  [[nodiscard]] bool one_in(std::int64_t chances) noexcept { return between(1, chances) == 1; }
  // REQUIRES: the container is not empty.
  template <class Container>
  [[nodiscard]] const auto& one_of(const Container& choices) noexcept {
    return choices[static_cast<std::size_t>(next() % choices.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace moldau::simulation
