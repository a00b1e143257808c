#pragma once

#include "moldau/processor/boundary_types.h"

#include <string_view>
#include <typeindex>

namespace moldau::inline v0::topology {

// Says that `node` has no serde for its keys or values (`what`), and which option would give one.
[[noreturn]] void refuse_missing_serde(std::string_view node, std::string_view what,
                                       std::type_index type, std::string_view option);

// Throws TopologyError, naming the node, its types and what to do, if a serde that it needs is
// missing.
void check_serdes(std::string_view node, const processor::BoundaryTypes& types);

}  // namespace moldau::inline v0::topology
