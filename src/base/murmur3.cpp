#include "base/murmur3.h"

#include <bit>
#include <cstddef>

namespace moldau::inline v0 {

namespace {

constexpr std::size_t word_size = 8;
constexpr std::size_t block_size = 2 * word_size;
constexpr std::uint64_t first_multiplier = 0x87c37b91114253d5;
constexpr std::uint64_t second_multiplier = 0x4cf5ad432745937f;

// The first `count` bytes as a little-endian number; at most eight.
std::uint64_t load_little_endian(const std::byte* from, std::size_t count) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= std::to_integer<std::uint64_t>(from[i]) << (8U * i);
  }
  return word;
}

std::uint64_t mix_first(std::uint64_t word) noexcept {
  return std::rotl(word * first_multiplier, 31) * second_multiplier;
}

std::uint64_t mix_second(std::uint64_t word) noexcept {
  return std::rotl(word * second_multiplier, 33) * first_multiplier;
}

std::uint64_t finish(std::uint64_t hash) noexcept {
  hash ^= hash >> 33U;
  hash *= 0xff51afd7ed558ccd;
  hash ^= hash >> 33U;
  hash *= 0xc4ceb9fe1a85ec53;
  hash ^= hash >> 33U;
  return hash;
}

}  // namespace

Hash128 murmur3_128(Bytes bytes, std::uint32_t seed) noexcept {
  std::uint64_t first = seed;
  std::uint64_t second = seed;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= block_size; left -= block_size, at += block_size) {
    first ^= mix_first(load_little_endian(at, word_size));
    first = (std::rotl(first, 27) + second) * 5 + 0x52dce729;
    second ^= mix_second(load_little_endian(at + word_size, word_size));
    second = (std::rotl(second, 31) + first) * 5 + 0x38495ab5;
  }
  // A word of zeros changes nothing, so a short rest needs no cases.
  const std::size_t rest_of_first = left < word_size ? left : word_size;
  first ^= mix_first(load_little_endian(at, rest_of_first));
  second ^= mix_second(load_little_endian(at + rest_of_first, left - rest_of_first));

  first ^= bytes.size();
  second ^= bytes.size();
  first += second;
  second += first;
  first = finish(first);
  second = finish(second);
  first += second;
  second += first;
  return {first, second};
}

}  // namespace moldau::inline v0
