#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>

namespace moldau {

// A file of tests/golden.
inline nlohmann::json read_golden(const std::string& name) {
  const std::string path = std::string{MOLDAU_GOLDEN_DIR "/"} + name;
  std::ifstream file{path};
  if (!file) throw std::runtime_error("cannot read " + path);
  return nlohmann::json::parse(file);
}

}  // namespace moldau
