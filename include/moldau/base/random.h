#pragma once

#include "moldau/export.h"

#include <cstdint>
#include <memory>

namespace moldau::inline v0 {

// The only source of randomness in the library (ids, jitter). Any thread.
class MOLDAU_EXPORT Random {
 public:
  virtual ~Random();
  [[nodiscard]] virtual std::uint64_t next() = 0;
};

// Seeded by the operating system.
[[nodiscard]] MOLDAU_EXPORT std::unique_ptr<Random> make_system_random();

}  // namespace moldau::inline v0
