#pragma once

#include "moldau/topology/topology.h"
#include "moldau/topology/topology_config.h"

#include "topology/graph.h"

namespace moldau::inline v0::topology {

// Makes the topology of a program: applies the rewrite rules that `config`
// allows, then writes the operators' nodes in
// the reference's order (interop.md section 3.7), which decides task ids. Throws TopologyError.
[[nodiscard]] Topology build_topology(Graph graph, const TopologyConfig& config);

}  // namespace moldau::inline v0::topology
