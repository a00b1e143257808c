#include "topology/lowering.h"

#include "moldau/base/error.h"
#include "moldau/topology/plan_builder.h"

#include "topology/explicit_names.h"
#include "topology/missing_serdes.h"
#include "topology/optimizer/rules.h"

#include <algorithm>
#include <map>
#include <queue>
#include <string_view>
#include <utility>
#include <variant>

namespace moldau::inline v0::topology {

namespace {

// Writes operators as nodes into a PlanBuilder.
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

  [[nodiscard]] Topology finish(const TopologyConfig& config) {
    for (const std::vector<GraphNodeId>& group : graph_.copartitioned()) {
      std::vector<std::string> sources;
      for (const GraphNodeId source : group) sources.push_back(source_name(graph_[source]));
      builder_.copartition(std::move(sources));
    }
    return builder_.build(config);
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
    if (source.pattern) {
      builder_.add_pattern_source(node.name, *source.pattern, source.reset, source.factory);
    } else {
      builder_.add_source(node.name, source.topics, source.reset, source.factory);
    }
  }

  void write(const GraphNode& node, const TableSource& source) {
    check_serdes(node.name, source.types);
    builder_.add_source(source.source_name, {source.topic}, source.reset, source.source);
    add_table(node, {source.source_name});
    if (source.reuse_topic && node.table->materialized) {
      builder_.use_as_changelog(node.table->store.name, source.topic);
    }
  }

  void write(const GraphNode& node, const Processor& processor) {
    if (processor.types) check_serdes(node.name, *processor.types);
    builder_.add_processor(node.name, parent_names(node), processor.factory);
    for (const state::StoreSpec& store : processor.stores) builder_.add_state_store(store);
    connect_stores(node.name, processor.used_stores);
  }

  void write(const GraphNode& node, const UserProcessor& processor) {
    builder_.add_processor(node.name, parent_names(node), processor.factory);
    use_stores(node.name, processor.stores);
  }

  void write(const GraphNode& /*node*/, const AddedStore& store) {
    builder_.add_state_store(store.spec, store.serdes);
  }

  void write(const GraphNode& node, const GlobalStore& global) {
    check_serdes(node.name, global.types);
    builder_.add_global_store(global.parts);
  }

  void write(const GraphNode& node, const TableProcessor& processor) {
    add_table(node, parent_names(node));
    use_stores(node.name, processor.stores);
  }

  void write(const GraphNode& node, const CogroupInput& input) {
    const Table& table = *graph_[input.table].table;
    builder_.add_processor(node.name, parent_names(node),
                           input.factory->settle(settings_of(table)));
    builder_.add_state_store(table.store, table.types.serdes);
    builder_.connect_store(node.name, table.store.name);
  }

  void write(const GraphNode& node, const CogroupMerge& /*merge*/) {
    check_serdes(node.name, node.table->types);
    claim_store(node.table->store.name, node.name);
    builder_.add_processor(node.name, parent_names(node),
                           node.table->factory->settle(settings_of(*node.table)));
  }

  void write(const GraphNode& node, const TableJoin& join) {
    add_side(node, join.left, join.right);
    add_side(node, join.right, join.left);
    add_table(node, {join.left.name, join.right.name});
    connect_stores(join.left.name, join.left.used_stores);
    connect_stores(join.right.name, join.right.used_stores);
  }

  void write(const GraphNode& node, const Sink& sink) {
    check_serdes(node.name, sink.types);
    if (sink.owns_topic) builder_.add_repartition_topic(*sink.topic, std::nullopt);
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

  void write(const GraphNode& node, const TableRepartition& repartition) {
    check_serdes(node.name, repartition.parts->types());
    builder_.add_repartition_topic(repartition.topic, std::nullopt);
    builder_.add_sink(repartition.sink_name, repartition.topic, parent_names(node),
                      repartition.parts->sink(repartition.topic));
    builder_.add_source(node.name, {repartition.topic}, AutoOffsetReset::from_config,
                        repartition.parts->source());
  }

  void connect_stores(const std::string& node, const std::vector<std::string>& stores) {
    for (const std::string& store : stores) builder_.connect_store(node, store);
  }

  void use_stores(const std::string& node, const std::vector<UsedStore>& stores) {
    for (const UsedStore& store : stores) {
      if (store.spec()) builder_.add_state_store(*store.spec(), store.serdes());
      builder_.connect_store(node, store.name());
    }
  }

  void add_side(const GraphNode& node, const TableJoin::Side& own, const TableJoin::Side& other) {
    builder_.add_processor(own.name, {graph_[own.table].name},
                           own.factory->settle({.store = {},
                                                .send_old_values = node.table->send_old_values,
                                                .parent = graph_[other.table].name}));
  }

  void write(const GraphNode& node, const StreamJoin& join) {
    check_serdes(node.name, join.left_types);
    if (join.right_types.value_serde_missing) {
      refuse_missing_serde(node.name, "value", join.right_types.value, "other_value_serde");
    }
    claim_store(join.left_store, join.left_window);
    if (join.on_one_store) {
      builder_.add_processor(node.name, {join.left_window}, join.alone);
      builder_.connect_store(node.name, join.left_store);
      return;
    }
    claim_store(join.right_store, join.right_window);
    if (join.unmatched) claim_store(join.unmatched->name, node.name);
    add_join_side(join.left_name, join.left_window, join.left, join.right_store, join.unmatched);
    add_join_side(join.right_name, join.right_window, join.right, join.left_store, join.unmatched);
    builder_.add_processor(node.name, {join.left_name, join.right_name}, join.merge);
  }

  void add_join_side(const std::string& name, const std::string& parent,
                     const NodeFactoryPtr& factory, const std::string& other_store,
                     const std::optional<state::StoreSpec>& unmatched) {
    builder_.add_processor(name, {parent}, factory);
    builder_.connect_store(name, other_store);
    if (!unmatched) return;
    builder_.add_state_store(*unmatched);
    builder_.connect_store(name, unmatched->name);
  }

  [[nodiscard]] processor::TableSettings settings_of(const Table& table) const {
    processor::TableSettings settings{
        .store = {}, .send_old_values = table.send_old_values, .parent = {}};
    if (table.materialized) {
      settings.store = table.store.name;
      settings.versioned = table.store.kind == state::StoreKind::versioned;
    }
    if (table.parent) settings.parent = graph_[*table.parent].name;
    if (table.other_parent) settings.other_parent = graph_[*table.other_parent].name;
    return settings;
  }

  void add_table(const GraphNode& node, std::vector<std::string> parents) {
    const Table& table = *node.table;
    builder_.add_processor(node.name, std::move(parents),
                           table.factory->settle(settings_of(table)));
    if (!table.materialized) return;
    check_serdes(node.name, table.types);
    claim_store(table.store.name, node.name);
    builder_.add_state_store(table.store, table.types.serdes);
    builder_.connect_store(node.name, table.store.name);
  }

  void claim_store(const std::string& store, const std::string& node) {
    const auto [owner, fresh] = store_owners_.emplace(store, node);
    if (fresh) return;
    throw TopologyError("store \"" + store + "\" would hold the rows of \"" + owner->second +
                        "\" and of \"" + node + "\": give one of the stores another name");
  }

  const Graph& graph_;
  std::vector<bool> written_;
  std::map<std::string, std::string> store_owners_;  // table or join by store
  PlanBuilder builder_;
};

}  // namespace

Topology build_topology(Graph graph, const TopologyConfig& config) {
  if (config.ensure_explicit_internal_resource_naming) refuse_generated_names(graph);
  merge_duplicate_sources(graph);
  const Optimization& allowed = config.optimization;
  if (allowed.reuse_table_source_topics) reuse_table_source_topics(graph);
  if (allowed.merge_repartition_topics) {
    merge_repartition_topics(graph, config.process_process_value_fix);
  }
  if (allowed.single_store_self_join) join_self_on_one_store(graph);
  pass_null_keys(graph);
  Writer writer{graph};
  writer.write_all();
  return writer.finish(config);
}

}  // namespace moldau::inline v0::topology
