#pragma once

#include "topology/graph.h"

namespace moldau::inline v0::topology {

// Throws TopologyError that lists every store and every internal topic whose name is generated
// (interop.md section 3.10). To be called before the rewrite rules: what a rule takes away would be
// there again without it.
void refuse_generated_names(const Graph& graph);

}  // namespace moldau::inline v0::topology
