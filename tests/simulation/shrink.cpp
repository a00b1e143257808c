#include "simulation/shrink.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <stdexcept>

namespace moldau::simulation {

namespace {

bool fails(const Plan& plan) { return !World{plan, false}.run().problem.empty(); }

}  // namespace

Cut Cut::nothing(const Plan& plan) {
  Cut cut;
  cut.faults.resize(plan.faults.size());
  std::iota(cut.faults.begin(), cut.faults.end(), std::size_t{0});
  cut.inputs = plan.workload.inputs.size();
  return cut;
}

Cut Cut::parse(const std::string& text, const Plan& plan) {
  Cut cut = nothing(plan);
  std::istringstream words{text};
  for (std::string word; words >> word;) {
    if (word.starts_with("faults=")) {
      cut.faults.clear();
      std::istringstream numbers{word.substr(7)};
      for (std::string number; std::getline(numbers, number, ',');) {
        cut.faults.push_back(std::stoull(number));
        if (cut.faults.back() >= plan.faults.size()) {
          throw std::invalid_argument("the plan has " + std::to_string(plan.faults.size()) +
                                      " faults, there is no number " + number);
        }
      }
    } else if (word.starts_with("inputs=")) {
      cut.inputs = std::min<std::size_t>(std::stoull(word.substr(7)), cut.inputs);
    } else {
      throw std::invalid_argument("a cut is faults=0,3,7 and inputs=120, not " + word);
    }
  }
  return cut;
}

std::string Cut::text() const {
  std::string words = "faults=";
  for (std::size_t i = 0; i < faults.size(); ++i) {
    words += (i == 0 ? "" : ",") + std::to_string(faults[i]);
  }
  return words + " inputs=" + std::to_string(inputs);
}

Plan Cut::of(const Plan& plan) const {
  Plan rest = plan;
  rest.faults.clear();
  for (const std::size_t index : faults) rest.faults.push_back(plan.faults[index]);
  rest.workload.inputs.resize(inputs);
  return rest;
}

Cut shrink(const Plan& plan) {
  Cut cut = Cut::nothing(plan);
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = cut.faults.size(); i-- > 0;) {
      Cut less = cut;
      less.faults.erase(less.faults.begin() + static_cast<std::ptrdiff_t>(i));
      if (!fails(less.of(plan))) continue;
      cut = std::move(less);
      smaller = true;
    }
    for (std::size_t by = cut.inputs / 2; by > 0; by /= 2) {
      Cut less = cut;
      less.inputs -= by;
      if (!fails(less.of(plan))) continue;
      cut = std::move(less);
      smaller = true;
    }
  }
  return cut;
}

}  // namespace moldau::simulation
