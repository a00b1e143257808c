#pragma once

#include <cstdint>
#include <string>

namespace robustness {

// The text of a run: line n of a seed is the same in every program that asks for it. Each line has
// one word that no other line has, so that a lost or repeated line shows whatever else happens, and
// some frequent words, so that counts grow.
class Lines {
 public:
  explicit Lines(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] std::string line(std::uint64_t number) const {
    std::uint64_t state = seed_ ^ (number * 0x9E37'79B9'7F4A'7C15ULL);
    std::string text = "line" + std::to_string(number);
    for (int word = 0; word < frequent_words; ++word) {
      // The cube makes low numbers, that is some words, much more frequent than others.
      const double unit = static_cast<double>(mix(state) >> 11) / static_cast<double>(1ULL << 53);
      text += " w" + std::to_string(static_cast<int>(unit * unit * unit * vocabulary));
    }
    return text;
  }

 private:
  static constexpr int frequent_words = 4;
  static constexpr double vocabulary = 2000;

  // splitmix64
  static std::uint64_t mix(std::uint64_t& state) {
    std::uint64_t z = state += 0x9E37'79B9'7F4A'7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
    return z ^ (z >> 31);
  }

  std::uint64_t seed_;
};

}  // namespace robustness
