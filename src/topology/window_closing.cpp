#include "topology/window_closing.h"

#include "moldau/base/error.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace moldau::inline v0::topology {

namespace {

using std::chrono::milliseconds;

processor::EventTimeWait wait_for(const WindowClosing& closing) {
  processor::EventTimeWait wait{.complete = closing.grace, .reference = closing.grace};
  // The reference does not wait for the last millisecond in which such a window can change.
  if (closing.end_belongs && wait.complete < milliseconds::max()) wait.complete += milliseconds{1};
  return wait;
}

}  // namespace

processor::EventTimeWait find_window_closing(const Graph& graph, GraphNodeId node) {
  const GraphNode& found = graph[node];
  if (found.table && found.table->closing) return wait_for(*found.table->closing);
  if (node == Graph::root() || found.parents == std::vector{Graph::root()}) {
    throw TopologyError("suppress(until_window_closes()) below \"" + found.name +
                        "\": nothing says when a window closes, because its records do not come "
                        "from a windowed aggregation. Use until_time_limit()");
  }
  processor::EventTimeWait longest;
  for (const GraphNodeId parent : found.parents) {
    const processor::EventTimeWait wait = find_window_closing(graph, parent);
    longest.complete = std::max(longest.complete, wait.complete);
    longest.reference = std::max(longest.reference, wait.reference);
  }
  return longest;
}

}  // namespace moldau::inline v0::topology
