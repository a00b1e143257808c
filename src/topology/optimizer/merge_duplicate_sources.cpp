#include "moldau/base/error.h"

#include "topology/optimizer/rules.h"

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace moldau::inline v0::topology {

namespace {

StreamSource* source_at(Graph& graph, GraphNodeId node) {
  return std::get_if<StreamSource>(&graph[node].operation);
}

[[noreturn]] void refuse(const Graph& graph, GraphNodeId first, GraphNodeId second,
                         const std::string& topic, const std::string& why) {
  throw TopologyError("streams \"" + graph[first].name + "\" and \"" + graph[second].name +
                      "\" both read topic \"" + topic + "\", " + why);
}

void merge(Graph& graph, GraphNodeId first, GraphNodeId second) {
  const std::vector<GraphNodeId> children = graph[second].children;
  for (const GraphNodeId child : children) {
    graph.disconnect(second, child);
    graph.connect(first, child);
  }
  graph.disconnect(Graph::root(), second);
  graph.replace_copartitioned(second, first);
}

void check_same_reset(Graph& graph, GraphNodeId first, GraphNodeId second,
                      const std::string& topic) {
  if (source_at(graph, first)->reset == source_at(graph, second)->reset) return;
  refuse(graph, first, second, topic, "but with different offset resets");
}

// Topic lists come in the order of a set, so equal sets are equal lists.
void check_alike(Graph& graph, GraphNodeId first, GraphNodeId second, const std::string& topic) {
  const StreamSource& a = *source_at(graph, first);
  const StreamSource& b = *source_at(graph, second);
  if (!std::ranges::is_permutation(a.topics, b.topics)) {
    refuse(graph, first, second, topic,
           "and one of them reads others as well: read the same topics, or merge() streams of one "
           "topic each");
  }
  check_same_reset(graph, first, second, topic);
}

}  // namespace

void merge_duplicate_sources(Graph& graph) {
  std::map<std::string, GraphNodeId> readers;
  std::map<std::string, GraphNodeId> pattern_readers;
  const std::vector<GraphNodeId> sources = graph[Graph::root()].children;
  for (const GraphNodeId node : sources) {
    const StreamSource* source = source_at(graph, node);
    if (source == nullptr) continue;
    if (source->pattern) {
      const auto [reader, fresh] = pattern_readers.emplace(*source->pattern, node);
      if (fresh) continue;
      check_same_reset(graph, reader->second, node, *source->pattern);
      merge(graph, reader->second, node);
      continue;
    }
    std::optional<GraphNodeId> merged_into;
    for (const std::string& topic : source->topics) {
      const auto [reader, fresh] = readers.emplace(topic, node);
      if (fresh) continue;
      check_alike(graph, reader->second, node, topic);
      merged_into = reader->second;
    }
    if (merged_into) merge(graph, *merged_into, node);
  }
}

}  // namespace moldau::inline v0::topology
