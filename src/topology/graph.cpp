#include "topology/graph.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::topology {

namespace {

std::size_t index(GraphNodeId node) { return static_cast<std::size_t>(node.value()); }

void add_once(std::vector<GraphNodeId>& nodes, GraphNodeId node) {
  if (std::ranges::count(nodes, node) == 0) nodes.push_back(node);
}

}  // namespace

Graph::Graph() { nodes_.push_back({.name = "root"}); }

GraphNode& Graph::operator[](GraphNodeId node) { return nodes_[index(node)]; }
const GraphNode& Graph::operator[](GraphNodeId node) const { return nodes_[index(node)]; }

GraphNodeId Graph::add(GraphNode node, std::span<const GraphNodeId> parents) {
  const GraphNodeId id{static_cast<std::int32_t>(nodes_.size())};
  nodes_.push_back(std::move(node));
  for (const GraphNodeId parent : parents) add_again(id, parent);
  return id;
}

GraphNodeId Graph::add(GraphNode node, GraphNodeId parent) {
  return add(std::move(node), std::span{&parent, 1});
}

GraphNodeId Graph::add_unconnected(GraphNode node, GraphNodeId written_like) {
  const GraphNodeId id = add(std::move(node), std::span<const GraphNodeId>{});
  (*this)[id].priority = (*this)[written_like].priority;
  return id;
}

void Graph::add_again(GraphNodeId node, GraphNodeId parent) {
  connect(parent, node);
  raise_priority(node);
}

void Graph::raise_priority(GraphNodeId node) { (*this)[node].priority = next_priority_++; }

void Graph::connect(GraphNodeId parent, GraphNodeId child) {
  add_once((*this)[parent].children, child);
  add_once((*this)[child].parents, parent);
}

void Graph::disconnect(GraphNodeId parent, GraphNodeId child) {
  std::erase((*this)[parent].children, child);
  std::erase((*this)[child].parents, parent);
}

std::size_t Graph::add_grouping() {
  groupings_.emplace_back();
  return groupings_.size() - 1;
}

std::optional<GraphNodeId>& Graph::repartition_of(std::size_t grouping) {
  return groupings_[grouping];
}

void Graph::copartition(std::vector<GraphNodeId> sources) {
  copartitioned_.push_back(std::move(sources));
}

void Graph::replace_copartitioned(GraphNodeId source, GraphNodeId by) {
  for (std::vector<GraphNodeId>& group : copartitioned_) {
    if (std::erase(group, source) != 0) add_once(group, by);
  }
}

bool enable_old_values(Graph& graph, GraphNodeId id, bool force) {
  Table& table = *graph[id].table;
  if (table.send_old_values) return true;
  switch (table.origin) {
    case TableOrigin::topic:
      if (!table.materialized && !force) return false;
      table.materialized = true;
      break;
    case TableOrigin::aggregate:
    case TableOrigin::held_back:
      break;
    case TableOrigin::derived:
      if (!table.materialized && !enable_old_values(graph, *table.parent, force)) return false;
      break;
    case TableOrigin::join:
      // Both sides are kept anyway: the join looks rows up in them.
      enable_old_values(graph, *table.parent, true);
      enable_old_values(graph, *table.other_parent, true);
      break;
  }
  table.send_old_values = true;
  return true;
}

std::vector<std::string> make_readable(Graph& graph, GraphNodeId id) {
  Table& table = *graph[id].table;
  if (table.origin == TableOrigin::held_back) {
    std::vector<std::string> stores = make_readable(graph, *table.parent);
    stores.insert(stores.begin(), table.store.name);
    return stores;
  }
  if (!table.materialized && table.parent) {
    std::vector<std::string> stores = make_readable(graph, *table.parent);
    if (table.other_parent) {
      for (std::string& store : make_readable(graph, *table.other_parent)) {
        if (std::ranges::count(stores, store) == 0) stores.push_back(std::move(store));
      }
    }
    return stores;
  }
  table.materialized = true;
  return {table.store.name};
}

std::optional<std::chrono::milliseconds> history_of(const Graph& graph, GraphNodeId id) {
  const Table& table = *graph[id].table;
  if (!table.materialized && table.parent) return history_of(graph, *table.parent);
  if (table.store.kind != state::StoreKind::versioned) return std::nullopt;
  return table.store.retention;
}

}  // namespace moldau::inline v0::topology
