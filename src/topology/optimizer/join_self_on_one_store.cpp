#include "topology/optimizer/rules.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace moldau::inline v0::topology {

void join_self_on_one_store(Graph& graph) {
  for (std::size_t i = 0; i < graph.size(); ++i) {
    GraphNode& node = graph[GraphNodeId{static_cast<std::int32_t>(i)}];
    auto* join = std::get_if<StreamJoin>(&node.operation);
    if (join == nullptr || node.parents.size() != 1 || join->alone == nullptr) continue;
    const GraphNodeId stream = node.parents.front();
    const std::vector<GraphNodeId> children = graph[stream].children;
    const auto right = std::ranges::find_if(
        children, [&](GraphNodeId child) { return graph[child].name == join->right_window; });
    if (right == children.end()) continue;
    graph.disconnect(stream, *right);
    join->on_one_store = true;
  }
}

}  // namespace moldau::inline v0::topology
