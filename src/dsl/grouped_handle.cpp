#include "moldau/dsl/handles.h"

#include "dsl/store_specs.h"
#include "topology/graph.h"

namespace moldau::inline v0::dsl {

GroupedHandle::GroupedHandle(StreamHandle stream, std::string name, std::size_t grouping,
                             std::shared_ptr<const processor::RepartitionParts> repartition)
    : stream_(std::move(stream)),
      name_(std::move(name)),
      grouping_(grouping),
      repartition_(std::move(repartition)) {}

StreamHandle GroupedHandle::partitioned(const std::string& store) const {
  if (!stream_.rekeyed_) return stream_;
  topology::Graph& graph = *stream_.graph_;
  std::optional<topology::GraphNodeId>& shared = graph.repartition_of(grouping_);
  topology::GraphNodeId node;
  if (shared) {
    // The numbers of a repartition of its own are used up all the same.
    for (const std::string_view prefix : {"KSTREAM-SINK-", "KSTREAM-FILTER-", "KSTREAM-SOURCE-"}) {
      static_cast<void>(graph.names().next(prefix));
    }
    node = *shared;
    graph.add_again(node, stream_.node_);
  } else {
    node = stream_.add_repartition(name_.empty() ? store : name_, std::nullopt, repartition_);
    if (!name_.empty()) graph.repartition_of(grouping_) = node;
  }
  return {stream_.graph_, node, false, {node}};
}

TableHandle GroupedHandle::count(const Named& named, const StoreOptions& store,
                                 TableParts table) const {
  if (store.name.empty()) {
    // The reference generates the store's name twice here.
    static_cast<void>(stream_.graph_->names().next_store(operators::aggregate.prefix));
  }
  return aggregate(operators::aggregate, named, store, std::move(table));
}

TableHandle GroupedHandle::aggregate(const Operator& op, const Named& named,
                                     const StoreOptions& store, TableParts table) const {
  topology::Graph& graph = *stream_.graph_;
  state::StoreSpec spec = make_store_spec(store, graph.names(), op.prefix);
  std::string name = graph.names().next_or(named.name, op.prefix);
  const StreamHandle input = partitioned(spec.name);
  const topology::GraphNodeId node =
      graph.add({.name = std::move(name),
                 .operation = topology::TableProcessor{},
                 .table = topology::Table{.origin = topology::TableOrigin::aggregate,
                                          .store = std::move(spec),
                                          .materialized = true,
                                          .types = table.types,
                                          .factory = std::move(table.factory)}},
                input.node_);
  return {stream_.graph_, node, input.sources_};
}

}  // namespace moldau::inline v0::dsl
