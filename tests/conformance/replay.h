#pragma once

#include "moldau/processor/semantics.h"

#include "conformance/case_file.h"

#include <filesystem>
#include <optional>
#include <string>

namespace moldau::conformance {

struct ReplayOptions {
  // Compare the order of records across topics too, not only within each.
  bool strict_order = true;
  // What the library is told to do where the reference loses or doubles results.
  Semantics semantics = Semantics::kafka_streams_4_3;
  // Where persistent stores are kept; nullopt: in memory.
  std::optional<std::filesystem::path> state_dir;
};

// Builds the topology of a case, feeds it the recorded input and compares everything that comes out
// with what the reference gave. Returns the first difference, as text for a reader; nullopt if
// there is none.
[[nodiscard]] std::optional<std::string> replay(const Case& recorded, const ReplayOptions& options);

}  // namespace moldau::conformance
