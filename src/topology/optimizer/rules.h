#pragma once

#include "topology/graph.h"

// Rewrite rules: each changes the graph in one way and has a file of its own. They run on a copy of
// the program's graph, before it is lowered.
namespace moldau::inline v0::topology {

// Several streams that read the same topics read them once: the first one's source feeds them all.
// Throws TopologyError if they disagree on where to start, or share only some of their topics.
void merge_duplicate_sources(Graph& graph);

// Repartition topics let records without a key through if an operator below can use them.
void pass_null_keys(Graph& graph);

}  // namespace moldau::inline v0::topology
