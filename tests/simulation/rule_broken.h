#pragma once

#include <stdexcept>

namespace moldau::simulation {

// Something happened that must not.
class RuleBroken final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace moldau::simulation
