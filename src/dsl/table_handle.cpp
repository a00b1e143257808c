#include "moldau/base/error.h"
#include "moldau/dsl/grouped_table_handle.h"
#include "moldau/dsl/handles.h"

#include "dsl/store_specs.h"
#include "topology/graph.h"
#include "topology/window_closing.h"

namespace moldau::inline v0::dsl {

TableHandle::TableHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node,
                         StreamHandle::Sources sources)
    : graph_(std::move(graph)), node_(node), sources_(std::move(sources)) {}

TableHandle TableHandle::from_topic(std::shared_ptr<topology::Graph> graph, std::string topic,
                                    SourceParts source, const StoreOptions& store,
                                    TableParts table) {
  state::StoreSpec spec = make_table_spec(store, graph->names(), topic + "-");
  std::string source_name = graph->names().next_or(source.name, "-source", "KSTREAM-SOURCE-");
  std::string name = graph->names().next_or(source.name, "KTABLE-SOURCE-");
  const bool materialized = asks_for_store(spec);
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

TableHandle TableHandle::derive(const Operator& op, const std::string& given_name,
                                const std::optional<StoreOptions>& store, TableParts table,
                                std::vector<UsedStore> used_stores) const {
  topology::Table derived{.origin = topology::TableOrigin::derived,
                          .parent = node_,
                          .types = table.types,
                          .factory = std::move(table.factory)};
  if (store) {
    // Without a name there is no store, but the number for its name is used up.
    derived.store = make_table_spec(*store, graph_->names(), op.prefix);
    derived.materialized = asks_for_store(derived.store);
  }
  std::string name = graph_->names().next_or(given_name, op.prefix);
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::TableProcessor{.stores = std::move(used_stores)},
                   .table = std::move(derived)},
                  node_);
  return {graph_, node, sources_};
}

TableHandle TableHandle::filter(const Named& named, const std::optional<StoreOptions>& store,
                                TableParts table) const {
  TableHandle filtered = derive(operators::table_filter, named.name, store, std::move(table));
  // Old values that cost nothing spare the deletes of rows that never passed.
  if (topology::enable_old_values(*graph_, node_, false)) {
    (*graph_)[filtered.node_].table->send_old_values = true;
  }
  return filtered;
}

TableHandle TableHandle::map_values(const Named& named, const std::optional<StoreOptions>& store,
                                    TableParts table) const {
  return derive(operators::table_map_values, named.name, store, std::move(table));
}

TableHandle TableHandle::transform_values(const ProcessOptions& options,
                                          const std::optional<StoreOptions>& store,
                                          TableParts table) const {
  // Without a name, or a history, there is no store, and here no number for its name is used up.
  const bool kept = store && (!store->name.empty() || store->history);
  return derive(operators::table_transform_values, options.name, kept ? store : std::nullopt,
                std::move(table), options.stores);
}

StreamHandle TableHandle::to_stream(const Named& named, FactoryPtr factory) const {
  return StreamHandle{graph_, node_, false, sources_}.add({.prefix = "KTABLE-TOSTREAM-"}, named,
                                                          std::move(factory));
}

TableHandle TableHandle::suppress(const Named& named, BufferOptions buffer,
                                  TableParts table) const {
  constexpr std::string_view prefix = "KTABLE-SUPPRESS-";
  const bool is_named = !named.name.empty();
  // Here a name that is given uses up no number.
  std::string name = is_named ? named.name : graph_->names().next(prefix);
  if (topology::history_of(*graph_, node_)) {
    throw TopologyError("suppress() \"" + name + "\" below the versioned table \"" +
                        (*graph_)[node_].name +
                        "\": changes of history cannot be held back. Leave suppress() out, or the "
                        "history of the table's store");
  }
  state::StoreSpec store{.name = is_named ? name + "-store" : graph_->names().next_store(prefix),
                         .type = StoreType::in_memory,
                         .layout = state::ValueLayout::plain,
                         .caching = false,
                         .logging = buffer.logging,
                         .changelog_config = std::move(buffer.changelog_config),
                         .explicitly_named = is_named,
                         .kind = state::StoreKind::buffer};
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::TableProcessor{},
                   .table = topology::Table{.origin = topology::TableOrigin::held_back,
                                            .parent = node_,
                                            .store = std::move(store),
                                            .materialized = true,
                                            .send_old_values = true,
                                            .types = table.types,
                                            .factory = std::move(table.factory)}},
                  node_);
  // What was there before a change is needed to answer for the rows that are held back.
  topology::enable_old_values(*graph_, node_, true);
  return {graph_, node, sources_};
}

processor::EventTimeWait TableHandle::window_closing() const {
  return topology::find_window_closing(*graph_, node_);
}

GroupedTableHandle TableHandle::group_by(
    std::string_view name, FactoryPtr select,
    std::shared_ptr<const processor::RegroupParts> parts) const {
  std::string selector = graph_->names().next_or(name, "KTABLE-SELECT-");
  const topology::GraphNodeId node = graph_->add(
      {.name = std::move(selector), .operation = topology::Processor{std::move(select)}}, node_);
  // What a row was must leave its group.
  topology::enable_old_values(*graph_, node_, true);
  return {graph_, node, std::string{name}, graph_->add_grouping(), std::move(parts)};
}

}  // namespace moldau::inline v0::dsl
