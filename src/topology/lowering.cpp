#include "topology/lowering.h"

#include "moldau/base/error.h"
#include "moldau/topology/topology_builder.h"

#include "topology/optimizer/rules.h"

#include <algorithm>
#include <map>
#include <queue>
#include <string_view>
#include <utility>
#include <variant>

namespace moldau::inline v0::topology {

namespace {

[[noreturn]] void refuse_missing_serde(std::string_view node, std::string_view what,
                                       std::type_index type, std::string_view option) {
  const std::string text = processor::readable_type(type);
  throw TopologyError("\"" + std::string{node} + "\" needs bytes for its " + std::string{what} +
                      "s of type " + text +
                      ", and there is no serde for them: specialise moldau::Serde<" + text +
                      ">, or give the operator a serde instance as ." + std::string{option});
}

void check_serdes(std::string_view node, const processor::BoundaryTypes& types) {
  if (types.key_serde_missing) refuse_missing_serde(node, "key", types.key, "key_serde");
  if (types.value_serde_missing) refuse_missing_serde(node, "value", types.value, "value_serde");
}

// Writes operators as nodes into a TopologyBuilder.
class Writer {
 public:
  explicit Writer(const Graph& graph) : graph_(graph), written_(graph.size(), false) {}

  // Operators come in the order of their priorities, but never before all of their parents.
  void write_all() {
    const auto later = [this](GraphNodeId a, GraphNodeId b) {
      return graph_[a].priority > graph_[b].priority;
    };
    std::priority_queue<GraphNodeId, std::vector<GraphNodeId>, decltype(later)> waiting{later};
    waiting.push(Graph::root());
    while (!waiting.empty()) {
      const GraphNodeId id = waiting.top();
      waiting.pop();
      if (is_written(id) || !std::ranges::all_of(graph_[id].parents, [this](GraphNodeId parent) {
            return is_written(parent);
          })) {
        continue;  // comes back through a later parent
      }
      std::visit([&](const auto& operation) { write(graph_[id], operation); },
                 graph_[id].operation);
      written_[static_cast<std::size_t>(id.value())] = true;
      for (const GraphNodeId child : graph_[id].children) waiting.push(child);
    }
  }

  [[nodiscard]] Topology finish() {
    for (const std::vector<GraphNodeId>& group : graph_.copartitioned()) {
      std::vector<std::string> sources;
      for (const GraphNodeId source : group) sources.push_back(source_name(graph_[source]));
      builder_.copartition(std::move(sources));
    }
    return builder_.build();
  }

 private:
  [[nodiscard]] bool is_written(GraphNodeId node) const {
    return written_[static_cast<std::size_t>(node.value())];
  }

  [[nodiscard]] std::vector<std::string> parent_names(const GraphNode& node) const {
    std::vector<std::string> names;
    for (const GraphNodeId parent : node.parents) names.push_back(graph_[parent].name);
    return names;
  }

  static std::string source_name(const GraphNode& node) {
    const auto* table = std::get_if<TableSource>(&node.operation);
    return table == nullptr ? node.name : table->source_name;
  }

  void write(const GraphNode& /*node*/, const Root& /*root*/) {}

  void write(const GraphNode& node, const StreamSource& source) {
    check_serdes(node.name, source.types);
    builder_.add_source(node.name, source.topics, source.reset, source.factory);
  }

  void write(const GraphNode& node, const TableSource& source) {
    check_serdes(node.name, source.types);
    builder_.add_source(source.source_name, {source.topic}, source.reset, source.source);
    add_table(node, {source.source_name});
  }

  void write(const GraphNode& node, const Processor& processor) {
    builder_.add_processor(node.name, parent_names(node), processor.factory);
    for (const state::StoreSpec& store : processor.stores) builder_.add_state_store(store);
    for (const std::string& store : processor.used_stores) {
      builder_.connect_store(node.name, store);
    }
  }

  void write(const GraphNode& node, const TableProcessor& /*processor*/) {
    add_table(node, parent_names(node));
  }

  void write(const GraphNode& node, const Sink& sink) {
    check_serdes(node.name, sink.types);
    builder_.add_sink(node.name, sink.topic, parent_names(node), sink.factory);
  }

  void write(const GraphNode& node, const Repartition& repartition) {
    check_serdes(node.name, repartition.parts->types());
    builder_.add_repartition_topic(repartition.topic, repartition.partitions);
    builder_.add_processor(repartition.filter_name, parent_names(node),
                           repartition.parts->filter(repartition.keep_null_keys));
    builder_.add_sink(repartition.sink_name, repartition.topic, {repartition.filter_name},
                      repartition.parts->sink(repartition.topic));
    builder_.add_source(node.name, {repartition.topic}, AutoOffsetReset::from_config,
                        repartition.parts->source());
  }

  void add_table(const GraphNode& node, std::vector<std::string> parents) {
    const Table& table = *node.table;
    processor::TableSettings settings{
        .store = {}, .send_old_values = table.send_old_values, .parent = {}};
    if (table.materialized) settings.store = table.store.name;
    if (table.parent) settings.parent = graph_[*table.parent].name;
    builder_.add_processor(node.name, std::move(parents), table.factory->settle(settings));
    if (!table.materialized) return;
    check_serdes(node.name, table.types);
    const auto [owner, fresh] = store_owners_.emplace(table.store.name, node.name);
    if (!fresh) {
      throw TopologyError("store \"" + table.store.name + "\" would hold the rows of \"" +
                          owner->second + "\" and of \"" + node.name +
                          "\": give one of the stores another name");
    }
    builder_.add_state_store(table.store);
    builder_.connect_store(node.name, table.store.name);
  }

  const Graph& graph_;
  std::vector<bool> written_;
  std::map<std::string, std::string> store_owners_;  // table by store
  TopologyBuilder builder_;
};

}  // namespace

Topology build_topology(Graph graph) {
  merge_duplicate_sources(graph);
  pass_null_keys(graph);
  Writer writer{graph};
  writer.write_all();
  return writer.finish();
}

}  // namespace moldau::inline v0::topology
