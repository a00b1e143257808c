#include "moldau/dsl/cogroup_handle.h"

#include "moldau/base/error.h"
#include "moldau/dsl/windows.h"

#include "dsl/store_specs.h"
#include "dsl/window_checks.h"
#include "topology/graph.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace moldau::inline v0::dsl {

std::size_t CogroupHandle::add(const GroupedHandle& grouped) {
  topology::Graph& graph = *grouped.stream_.graph_;
  if (!inputs_.empty() && inputs_.front().grouped.stream_.graph_ != grouped.stream_.graph_) {
    throw TopologyError("cogroup() of streams that belong to different StreamsBuilders");
  }
  const auto known = std::ranges::find(inputs_, grouped.grouping_,
                                       [](const Input& input) { return input.grouped.grouping_; });
  if (known != inputs_.end()) return static_cast<std::size_t>(known - inputs_.begin());
  inputs_.push_back({grouped, graph.add_grouping()});
  return inputs_.size() - 1;
}

topology::GraphNodeId CogroupHandle::partitioned(const Input& input,
                                                 const state::StoreSpec& store) const {
  const StreamHandle& stream = input.grouped.stream_;
  if (!stream.rekeyed_) return stream.node_;
  topology::Graph& graph = *stream.graph_;
  std::optional<topology::GraphNodeId>& node = graph.repartition_of(input.repartition);
  if (node) {
    topology::use_up_repartition_names(graph.names());
  } else {
    const std::string& name = input.grouped.name_;
    node = stream.add_repartition(name.empty() ? store.name : name,
                                  !name.empty() || store.explicitly_named, std::nullopt,
                                  input.grouped.repartition_);
  }
  return *node;
}

namespace {

// The topics that the inputs are read from must have one partition count. The reference asks that
// of the topics before repartition topics, which are in other sub-topologies: a group that the
// streams protocol cannot carry, so that such an application does not start there.
void copartition(topology::Graph& graph, std::vector<topology::GraphNodeId> sources) {
  std::ranges::sort(sources);
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  const auto* first = std::get_if<topology::StreamSource>(&graph[sources.front()].operation);
  const bool one_topic = sources.size() == 1 && (first == nullptr || first->topics.size() == 1);
  if (!one_topic) graph.copartition(std::move(sources));
}

}  // namespace

TableHandle CogroupHandle::aggregate(const Named& named, const StoreOptions& store,
                                     std::vector<TableFactoryPtr> inputs, TableParts table,
                                     const WindowPlan* windows) const {
  topology::Graph& graph = *inputs_.front().grouped.stream_.graph_;
  topology::NameGenerator& names = graph.names();
  state::StoreSpec spec =
      windows == nullptr ? make_table_spec(store, names, operators::cogroup_aggregate)
                         : make_windowed_spec(store, names, operators::cogroup_aggregate, *windows);

  std::vector<topology::GraphNodeId> parents;
  StreamHandle::Sources sources;
  for (const Input& input : inputs_) {
    parents.push_back(partitioned(input, spec));
    if (input.grouped.stream_.rekeyed_) {
      sources.push_back(parents.back());
    } else {
      const StreamHandle::Sources& more = input.grouped.stream_.sources_;
      sources.insert(sources.end(), more.begin(), more.end());
    }
  }
  copartition(graph, sources);

  std::vector<topology::GraphNodeId> nodes;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    std::string name = names.next_or(named.name, "-cogroup-agg-" + std::to_string(i),
                                     operators::cogroup_aggregate);
    if (windows != nullptr) check_windows(name, store, *windows);
    nodes.push_back(
        graph.add({.name = std::move(name),
                   .operation = topology::CogroupInput{.factory = std::move(inputs[i])}},
                  parents[i]));
  }
  std::string name = names.next_or(named.name, "-cogroup-merge", operators::cogroup_merge);
  const topology::GraphNodeId merged = graph.add(
      {.name = std::move(name),
       .operation = topology::CogroupMerge{},
       .table = topology::Table{.origin = topology::TableOrigin::aggregate,
                                .store = std::move(spec),
                                .materialized = true,
                                .closing = windows == nullptr ? std::nullopt
                                                              : std::optional{closing_of(*windows)},
                                .types = table.types,
                                .factory = std::move(table.factory)}},
      nodes);
  for (const topology::GraphNodeId node : nodes) {
    std::get<topology::CogroupInput>(graph[node].operation).table = merged;
  }
  return {inputs_.front().grouped.stream_.graph_, merged, std::move(sources)};
}

}  // namespace moldau::inline v0::dsl
