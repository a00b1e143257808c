#pragma once

#include "moldau/topology/topology.h"

#include "topology/graph.h"

namespace moldau::inline v0::topology {

// Makes the topology of a program: applies the rewrite rules, then writes the operators' nodes in
// the reference's order (interop.md section 3.7), which decides task ids. Throws TopologyError.
[[nodiscard]] Topology build_topology(Graph graph);

}  // namespace moldau::inline v0::topology
