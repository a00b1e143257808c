#pragma once

#include "moldau/base/strong_id.h"

#include <cstdint>

namespace moldau::inline v0::topology {

// The operators of a program in the order they were called, before they become nodes.
class Graph;
// One operator of a Graph.
using GraphNodeId = StrongId<std::int32_t, struct GraphNodeIdTag>;

}  // namespace moldau::inline v0::topology
