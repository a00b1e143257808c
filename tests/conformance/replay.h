#pragma once

#include "conformance/case_file.h"

#include <filesystem>
#include <optional>
#include <string>

namespace moldau::conformance {

struct ReplayOptions {
  // Compare the order of records across topics too, not only within each.
  bool strict_order = true;
  // Where persistent stores are kept; nullopt: in memory.
  std::optional<std::filesystem::path> state_dir;
};

// Builds the topology of a case, feeds it the recorded input and compares everything that comes out
// with what the reference gave. Returns the first difference, as text for a reader; nullopt if
// there is none.
[[nodiscard]] std::optional<std::string> replay(const Case& recorded, const ReplayOptions& options);

}  // namespace moldau::conformance
