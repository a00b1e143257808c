#pragma once

#include "moldau/processor/suppression.h"

#include "topology/graph.h"

namespace moldau::inline v0::topology {

// How long after a window's end its row may still change, by the windowed aggregations that the
// records of `node` come from: the longest time, if there are several. Throws TopologyError if
// records come from elsewhere too, because nothing says when their windows close.
[[nodiscard]] processor::EventTimeWait find_window_closing(const Graph& graph, GraphNodeId node);

}  // namespace moldau::inline v0::topology
