#include "moldau/dsl/handles.h"
#include "moldau/dsl/windows.h"

#include "dsl/store_specs.h"
#include "dsl/window_checks.h"
#include "topology/graph.h"

namespace moldau::inline v0::dsl {

namespace {

// The reference generates the store's name twice in some places.
void use_up_store_name(const StoreOptions& store, topology::NameGenerator& names) {
  if (store.name.empty()) static_cast<void>(names.next_store(operators::aggregate.prefix));
}

}  // namespace

GroupedHandle::GroupedHandle(StreamHandle stream, std::string name, std::size_t grouping,
                             std::shared_ptr<const processor::RepartitionParts> repartition)
    : stream_(std::move(stream)),
      name_(std::move(name)),
      grouping_(grouping),
      repartition_(std::move(repartition)) {}

StreamHandle GroupedHandle::partitioned(const state::StoreSpec& store) const {
  if (!stream_.rekeyed_) return stream_;
  topology::Graph& graph = *stream_.graph_;
  std::optional<topology::GraphNodeId>& shared = graph.repartition_of(grouping_);
  topology::GraphNodeId node;
  if (shared) {
    topology::use_up_repartition_names(graph.names());
    node = *shared;
    graph.add_again(node, stream_.node_);
  } else {
    node = stream_.add_repartition(name_.empty() ? store.name : name_,
                                   !name_.empty() || store.explicitly_named, std::nullopt,
                                   repartition_);
    if (!name_.empty()) graph.repartition_of(grouping_) = node;
  }
  return {stream_.graph_, node, false, {node}};
}

TableHandle GroupedHandle::count(const Named& named, const StoreOptions& store,
                                 TableParts table) const {
  use_up_store_name(store, stream_.graph_->names());
  return aggregate(operators::aggregate, named, store, std::move(table));
}

TableHandle GroupedHandle::aggregate(const Operator& op, const Named& named,
                                     const StoreOptions& store, TableParts table) const {
  topology::NameGenerator& names = stream_.graph_->names();
  state::StoreSpec spec = make_table_spec(store, names, op.prefix);
  std::string name = names.next_or(named.name, op.prefix);
  return add_table(std::move(name), std::move(spec), std::move(table), nullptr);
}

TableHandle GroupedHandle::count(const Named& named, const StoreOptions& store, TableParts table,
                                 const WindowPlan& windows) const {
  if (!windows.sliding()) use_up_store_name(store, stream_.graph_->names());
  return aggregate(operators::aggregate, named, store, std::move(table), windows);
}

TableHandle GroupedHandle::aggregate(const Operator& op, const Named& named,
                                     const StoreOptions& store, TableParts table,
                                     const WindowPlan& windows) const {
  topology::NameGenerator& names = stream_.graph_->names();
  state::StoreSpec spec = make_windowed_spec(store, names, op.prefix, windows);
  std::string name = names.next_or(named.name, op.prefix);
  check_windows(name, store, windows);
  return add_table(std::move(name), std::move(spec), std::move(table), &windows);
}

TableHandle GroupedHandle::add_table(std::string name, state::StoreSpec store, TableParts table,
                                     const WindowPlan* windows) const {
  const StreamHandle input = partitioned(store);
  const topology::GraphNodeId node = stream_.graph_->add(
      {.name = std::move(name),
       .operation = topology::TableProcessor{},
       .table = topology::Table{.origin = topology::TableOrigin::aggregate,
                                .store = std::move(store),
                                .materialized = true,
                                .closing = windows == nullptr ? std::nullopt
                                                              : std::optional{closing_of(*windows)},
                                .types = table.types,
                                .factory = std::move(table.factory)}},
      input.node_);
  return {stream_.graph_, node, input.sources_};
}

}  // namespace moldau::inline v0::dsl
