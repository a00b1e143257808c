#include "topology/optimizer/rules.h"

#include <variant>

namespace moldau::inline v0::topology {

void reuse_table_source_topics(Graph& graph) {
  for (std::size_t i = 0; i < graph.size(); ++i) {
    GraphNode& node = graph[GraphNodeId{static_cast<std::int32_t>(i)}];
    if (auto* source = std::get_if<TableSource>(&node.operation)) source->reuse_topic = true;
  }
}

}  // namespace moldau::inline v0::topology
