#include "moldau/dsl/grouped_table_handle.h"

#include "dsl/store_specs.h"
#include "topology/graph.h"

#include <utility>

namespace moldau::inline v0::dsl {

GroupedTableHandle::GroupedTableHandle(std::shared_ptr<topology::Graph> graph,
                                       topology::GraphNodeId node, std::string name,
                                       std::size_t grouping,
                                       std::shared_ptr<const processor::RegroupParts> parts)
    : graph_(std::move(graph)),
      node_(node),
      name_(std::move(name)),
      grouping_(grouping),
      parts_(std::move(parts)) {}

topology::GraphNodeId GroupedTableHandle::repartitioned(const std::string& store, std::string sink,
                                                        std::string source) const {
  std::optional<topology::GraphNodeId>& shared = graph_->repartition_of(grouping_);
  if (shared) {
    graph_->add_again(*shared, node_);
    return *shared;
  }
  const topology::GraphNodeId node = graph_->add(
      {.name = std::move(source),
       .operation =
           topology::TableRepartition{.topic = (name_.empty() ? store : name_) + "-repartition",
                                      .sink_name = std::move(sink),
                                      .parts = parts_}},
      node_);
  if (!name_.empty()) graph_->repartition_of(grouping_) = node;
  return node;
}

TableHandle GroupedTableHandle::aggregate(const Operator& op, const Named& named,
                                          const StoreOptions& store, TableParts table) const {
  topology::NameGenerator& names = graph_->names();
  state::StoreSpec spec = make_table_spec(store, names, operators::regrouped_aggregate.prefix);
  std::string sink = names.next_or(named.name, "-sink", "KSTREAM-SINK-");
  std::string source = names.next_or(named.name, "-source", "KSTREAM-SOURCE-");
  std::string name = names.next_or(named.name, op.prefix);
  const topology::GraphNodeId input = repartitioned(spec.name, std::move(sink), std::move(source));
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::TableProcessor{},
                   .table = topology::Table{.origin = topology::TableOrigin::aggregate,
                                            .store = std::move(spec),
                                            .materialized = true,
                                            .types = table.types,
                                            .factory = std::move(table.factory)}},
                  input);
  return {graph_, node, {input}};
}

}  // namespace moldau::inline v0::dsl
