#pragma once

#include "simulation/plan.h"
#include "simulation/world.h"

#include <cstddef>
#include <string>
#include <vector>

namespace moldau::simulation {

// What is left of the plan of a seed: some of its faults, by their place in the plan, and the first
// of its inputs. Written as `faults=0,3,7 inputs=120`; each part may be missing.
struct Cut {
  std::vector<std::size_t> faults;
  std::size_t inputs = 0;

  [[nodiscard]] static Cut nothing(const Plan& plan);
  // Throws std::invalid_argument.
  [[nodiscard]] static Cut parse(const std::string& text, const Plan& plan);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Plan of(const Plan& plan) const;
};

// Leaves out what the plan still fails without. REQUIRES: it fails.
[[nodiscard]] Cut shrink(const Plan& plan);

}  // namespace moldau::simulation
