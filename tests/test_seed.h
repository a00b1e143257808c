#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace moldau {

// The seed of a random test: MOLDAU_SEED if that is set, else a new one. Printed, so that a failure
// can be repeated.
inline std::uint64_t test_seed() {
  const char* given = std::getenv("MOLDAU_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "MOLDAU_SEED=" << seed << std::endl;
  return seed;
}

// How often a random test tries: with sanitizers a quarter as often, as each try takes ten times as
// long.
constexpr int random_tries(int ordinarily) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // of g++
  return ordinarily / 4;
#else
#ifdef __has_feature  // of clang
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  ordinarily /= 4;
#endif
#endif
  return ordinarily;
#endif
}

}  // namespace moldau
