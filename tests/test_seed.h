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

}  // namespace moldau
