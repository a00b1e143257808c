#include "moldau/base/error.h"
#include "moldau/dsl/handles.h"

#include "dsl/store_specs.h"
#include "topology/graph.h"

#include <utility>

namespace moldau::inline v0::dsl {

// In the reference this operator counts as one that leaves keys alone where repartition topics are
// moved, unless told otherwise, although what it returns counts as rekeyed. Unlike others it leaves
// the counter of names alone if it is named.
StreamHandle StreamHandle::process(const Operator& op, const ProcessOptions& options,
                                   FactoryPtr factory) const {
  if (!options.name.empty()) topology::check_name("node", options.name);
  std::string name = options.name.empty() ? graph_->names().next(op.prefix) : options.name;
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::UserProcessor{.factory = std::move(factory),
                                                        .stores = options.stores,
                                                        .may_change_key = op.changes_key,
                                                        .may_change_value = op.changes_value}},
                  node_);
  return {graph_, node, rekeyed_ || op.changes_key, sources_};
}

StreamHandle StreamHandle::from_pattern(std::shared_ptr<topology::Graph> graph,
                                        std::string expression, SourceParts source) {
  std::string name = graph->names().next_or(source.name, "KSTREAM-SOURCE-");
  const topology::GraphNodeId node =
      graph->add({.name = std::move(name),
                  .operation = topology::StreamSource{.topics = {},
                                                      .reset = source.reset,
                                                      .types = source.types,
                                                      .factory = std::move(source.factory),
                                                      .pattern = std::move(expression)}},
                 topology::Graph::root());
  return {std::move(graph), node, false, {node}};
}

void add_state_store(topology::Graph& graph, const UsedStore& store) {
  if (!store.spec()) {
    throw TopologyError("store \"" + store.name() +
                        "\" is added by its name alone: describe it, for example by "
                        "persistent_key_value_store<K, V>(\"" +
                        store.name() + "\")");
  }
  graph.add({.name = store.name(),
             .operation = topology::AddedStore{.spec = *store.spec(), .serdes = store.serdes()}},
            topology::Graph::root());
}

namespace {

void add_global(topology::Graph& graph, const processor::BoundaryTypes& types,
                topology::PlanBuilder::GlobalStore parts) {
  std::string name = parts.processor_name;
  graph.add({.name = std::move(name),
             .operation = topology::GlobalStore{.types = types, .parts = std::move(parts)}},
            topology::Graph::root());
}

}  // namespace

void add_global_store(topology::Graph& graph, const UsedStore& store, std::string topic,
                      SourceParts source, FactoryPtr processor) {
  if (!store.spec()) {
    throw TopologyError("global store \"" + store.name() +
                        "\" is added by its name alone: describe it, for example by "
                        "in_memory_key_value_store<K, V>(\"" +
                        store.name() + "\")");
  }
  std::string source_name = graph.names().next_or(source.name, "-source", "KSTREAM-SOURCE-");
  std::string name = graph.names().next_or(source.name, "KTABLE-SOURCE-");
  add_global(graph, source.types,
             {.source_name = std::move(source_name),
              .topic = std::move(topic),
              .source = std::move(source.factory),
              .processor_name = std::move(name),
              .processor = std::move(processor),
              .store = *store.spec(),
              .serdes = store.serdes(),
              .reprocessed = true});
}

GlobalTableHandle::GlobalTableHandle(std::shared_ptr<topology::Graph> graph, std::string store)
    : graph_(std::move(graph)), store_(std::move(store)) {}

GlobalTableHandle GlobalTableHandle::from_topic(std::shared_ptr<topology::Graph> graph,
                                                std::string topic, SourceParts source,
                                                const StoreOptions& store, TableParts table) {
  if (store.history) {
    throw TopologyError("the global table of topic \"" + topic +
                        "\" is given a history: global tables are not versioned");
  }
  state::StoreSpec spec = make_store_spec(store, graph->names(), topic + "-");
  std::string source_name = graph->names().next_or(source.name, "-source", "KSTREAM-SOURCE-");
  std::string name = graph->names().next_or(source.name, "KTABLE-SOURCE-");
  std::string store_name = spec.name;
  add_global(*graph, source.types,
             {.source_name = std::move(source_name),
              .topic = std::move(topic),
              .source = std::move(source.factory),
              .processor_name = std::move(name),
              .processor = table.factory->settle({.store = store_name}),
              .store = std::move(spec),
              .serdes = table.types.serdes});
  return {std::move(graph), std::move(store_name)};
}

}  // namespace moldau::inline v0::dsl
