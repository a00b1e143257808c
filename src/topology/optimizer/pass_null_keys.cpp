#include "topology/optimizer/rules.h"

#include <variant>
#include <vector>

namespace moldau::inline v0::topology {

namespace {

// Looks at each node once, children first.
class Search {
 public:
  explicit Search(const Graph& graph)
      : graph_(graph), visited_(graph.size(), false), uses_(graph.size(), false) {}

  void visit(GraphNodeId node) {
    if (visited_[index(node)]) return;
    visited_[index(node)] = true;
    for (const GraphNodeId child : graph_[node].children) {
      visit(child);
      if (graph_[child].accepts_null_keys || uses_[index(child)]) uses_[index(node)] = true;
    }
  }

  // True if something below the node can use a record without a key.
  [[nodiscard]] bool has_user_below(GraphNodeId node) const { return uses_[index(node)]; }

 private:
  static std::size_t index(GraphNodeId node) { return static_cast<std::size_t>(node.value()); }

  const Graph& graph_;
  std::vector<bool> visited_;
  std::vector<bool> uses_;
};

}  // namespace

void pass_null_keys(Graph& graph) {
  Search search{graph};
  search.visit(Graph::root());
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const GraphNodeId node{static_cast<std::int32_t>(i)};
    if (auto* repartition = std::get_if<Repartition>(&graph[node].operation)) {
      repartition->keep_null_keys = search.has_user_below(node);
    }
  }
}

}  // namespace moldau::inline v0::topology
