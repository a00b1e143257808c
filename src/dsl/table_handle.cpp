#include "moldau/dsl/handles.h"

#include "dsl/store_specs.h"
#include "topology/graph.h"

namespace moldau::inline v0::dsl {

TableHandle::TableHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node,
                         StreamHandle::Sources sources)
    : graph_(std::move(graph)), node_(node), sources_(std::move(sources)) {}

TableHandle TableHandle::from_topic(std::shared_ptr<topology::Graph> graph, std::string topic,
                                    SourceParts source, const StoreOptions& store,
                                    TableParts table) {
  state::StoreSpec spec = make_store_spec(store, graph->names(), topic + "-");
  std::string source_name = graph->names().next_or(source.name, "-source", "KSTREAM-SOURCE-");
  std::string name = graph->names().next_or(source.name, "KTABLE-SOURCE-");
  const bool materialized = spec.explicitly_named;
  const topology::GraphNodeId node =
      graph->add({.name = std::move(name),
                  .operation = topology::TableSource{.topic = std::move(topic),
                                                     .reset = source.reset,
                                                     .types = source.types,
                                                     .source_name = std::move(source_name),
                                                     .source = std::move(source.factory)},
                  .table = topology::Table{.origin = topology::TableOrigin::topic,
                                           .store = std::move(spec),
                                           .materialized = materialized,
                                           .types = table.types,
                                           .factory = std::move(table.factory)}},
                 topology::Graph::root());
  return {std::move(graph), node, {node}};
}

TableHandle TableHandle::derive(const Operator& op, const Named& named,
                                const std::optional<StoreOptions>& store, TableParts table) const {
  topology::Table derived{.origin = topology::TableOrigin::derived,
                          .parent = node_,
                          .types = table.types,
                          .factory = std::move(table.factory)};
  if (store) {
    // Without a name there is no store, but the number for its name is used up.
    derived.store = make_store_spec(*store, graph_->names(), op.prefix);
    derived.materialized = derived.store.explicitly_named;
  }
  std::string name = graph_->names().next_or(named.name, op.prefix);
  const topology::GraphNodeId node = graph_->add({.name = std::move(name),
                                                  .operation = topology::TableProcessor{},
                                                  .table = std::move(derived)},
                                                 node_);
  return {graph_, node, sources_};
}

TableHandle TableHandle::filter(const Named& named, const std::optional<StoreOptions>& store,
                                TableParts table) const {
  TableHandle filtered = derive(operators::table_filter, named, store, std::move(table));
  // Old values that cost nothing spare the deletes of rows that never passed.
  if (topology::enable_old_values(*graph_, node_, false)) {
    (*graph_)[filtered.node_].table->send_old_values = true;
  }
  return filtered;
}

TableHandle TableHandle::map_values(const Named& named, const std::optional<StoreOptions>& store,
                                    TableParts table) const {
  return derive(operators::table_map_values, named, store, std::move(table));
}

StreamHandle TableHandle::to_stream(const Named& named, FactoryPtr factory) const {
  return StreamHandle{graph_, node_, false, sources_}.add({.prefix = "KTABLE-TOSTREAM-"}, named,
                                                          std::move(factory));
}

}  // namespace moldau::inline v0::dsl
