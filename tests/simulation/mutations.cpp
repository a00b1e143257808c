#include "simulation/mutations.h"

#include "runtime/fault.h"

#include <algorithm>
#include <stdexcept>

namespace moldau::simulation {

const std::vector<std::string>& mutations() {
  static const std::vector<std::string> names{"early-local-write",
                                              "restore-to-lso",
                                              "read-uncommitted-restore",
                                              "no-stable-offsets",
                                              "no-age-check",
                                              "no-generation-check",
                                              "position-is-log-end",
                                              "overlay-kept-after-abort",
                                              "commit-after-revoke-answer",
                                              "offset-of-last-record"};
  return names;
}

void choose_mutation(const std::string& name) {
  if (!name.empty() && std::ranges::find(mutations(), name) == mutations().end()) {
    std::string known;
    for (const std::string& one : mutations()) known += " " + one;
    throw std::invalid_argument("unknown mutation " + name + "; there are" + known);
  }
  runtime::chosen_mutation() = name;
}

}  // namespace moldau::simulation
