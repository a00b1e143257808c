#pragma once

#include "moldau/processor/semantics.h"

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace moldau::conformance {

// The command line of the runner: see runner.cpp.
struct Arguments {
  bool list = false;
  std::filesystem::path folder;
  std::regex only{".*"};
  std::set<std::string> tiers{"core", "extended", "optional"};
  bool strict_order = true;
  bool memory = false;
  Semantics semantics = Semantics::kafka_streams_4_3;
};

// Throws std::invalid_argument naming what cannot be understood.
[[nodiscard]] Arguments parse_arguments(const std::vector<std::string>& given);

}  // namespace moldau::conformance
