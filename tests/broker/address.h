#pragma once

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace moldau {

// The broker that all integration tests share: KAFKA_BROKERS if that is set, else the one that
// ctest has started. Tests that use it have the property FIXTURES_REQUIRED broker, and give their
// topics, groups and transactional ids names of their own.
inline std::string broker_address() {
  if (const char* given = std::getenv("KAFKA_BROKERS"); given != nullptr && *given != '\0') {
    return given;
  }
  const std::string path = MOLDAU_BROKER_DIR "/bootstrap";
  std::ifstream file{path};
  std::string address;
  if (!std::getline(file, address) || address.empty()) {
    throw std::runtime_error(
        "no broker: set KAFKA_BROKERS, or run the test by ctest, which starts one (" + path +
        " cannot be read)");
  }
  return address;
}

}  // namespace moldau
