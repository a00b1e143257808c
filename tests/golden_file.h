#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>

namespace moldau::test {

// A file of tests/golden/. The folder is a definition of the test target.
inline nlohmann::json golden_file(const std::string& name) {
  std::ifstream file{std::string{MOLDAU_GOLDEN_FOLDER} + "/" + name};
  if (!file) throw std::runtime_error("cannot open the golden file " + name);
  return nlohmann::json::parse(file);
}

}  // namespace moldau::test
