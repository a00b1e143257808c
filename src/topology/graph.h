#pragma once

#include "moldau/processor/boundary_types.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/repartition.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/graph_node_id.h"
#include "moldau/topology/plan.h"
#include "moldau/topology/topology_builder.h"

#include "topology/names.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace moldau::inline v0::topology {

// What an operator becomes when it is lowered.

struct Root {};

struct StreamSource {
  std::vector<std::string> topics;
  AutoOffsetReset reset = AutoOffsetReset::from_config;
  processor::BoundaryTypes types;
  NodeFactoryPtr factory;
};

struct TableSource {
  std::string topic;
  AutoOffsetReset reset = AutoOffsetReset::from_config;
  processor::BoundaryTypes types;
  std::string source_name;  // of the node that reads; the graph node's name is the table's
  NodeFactoryPtr source;
};

struct Processor {
  NodeFactoryPtr factory;
  std::vector<state::StoreSpec> stores = {};  // to be made for it
  std::vector<std::string> used_stores = {};  // to be connected to it, in this order
};

// A processor that emits a table: its factory is in GraphNode::table.
struct TableProcessor {};

struct Sink {
  std::optional<std::string> topic;  // nullopt: computed for each record
  processor::BoundaryTypes types;
  NodeFactoryPtr factory;
};

// Out into a topic of the library's and back in. The graph node's name is that of the source.
struct Repartition {
  std::string topic;
  std::optional<std::int32_t> partitions = {};
  std::string filter_name;
  std::string sink_name;
  bool keep_null_keys = false;  // set by the rule pass_null_keys
  std::shared_ptr<const processor::RepartitionParts> parts;
};

using Operation =
    std::variant<Root, StreamSource, TableSource, Processor, TableProcessor, Sink, Repartition>;

// Where the rows of a table come from; decides what asking it for old values means.
enum class TableOrigin : std::uint8_t {
  topic,      // rows as they are read: old values need a store, which must be asked for
  aggregate,  // always has a store
  derived,    // computed from the rows of its parent
};

// When a row of a windowed table changes no more: once stream time is `grace` past the window's
// end; exactly then if the end does not belong to the window, later if it does.
struct WindowClosing {
  std::chrono::milliseconds grace{0};  // of a session: with the inactivity gap
  bool end_belongs = false;
};

struct Table {
  TableOrigin origin = TableOrigin::topic;
  std::optional<GraphNodeId> parent = {};  // of a derived table
  state::StoreSpec store = {};
  bool materialized = false;  // false: `store` is not made
  bool send_old_values = false;
  std::optional<WindowClosing> closing = {};  // of a windowed aggregation
  processor::BoundaryTypes types;
  std::shared_ptr<const processor::TableFactory> factory;
};

struct GraphNode {
  std::string name;
  Operation operation = Root{};
  std::optional<Table> table = {};
  // What rules need to know to move repartition topics: whether records below may have other keys,
  // or other values, than above, and whether streams come together here.
  bool changes_key = false;
  bool changes_value = false;
  bool merges_streams = false;
  // A join that accepts records without a key: repartition topics above it let them through.
  bool accepts_null_keys = false;
  // Decides when the node is written: the number of the last call that added it.
  std::int32_t priority = 0;
  std::vector<GraphNodeId> parents = {};  // each once, in the order they were added
  std::vector<GraphNodeId> children = {};
};

// The operators of a program as they were called: the plan that rewrite rules work on and that is
// lowered to a topology. A value: a copy can be rewritten without touching the original. Nodes are
// numbered, never removed; a rule takes a node out by taking away its parents.
class Graph {
 public:
  Graph();

  [[nodiscard]] static constexpr GraphNodeId root() noexcept { return GraphNodeId{0}; }
  [[nodiscard]] GraphNode& operator[](GraphNodeId node);
  [[nodiscard]] const GraphNode& operator[](GraphNodeId node) const;
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] NameGenerator& names() noexcept { return names_; }

  // Adds an operator below its parents, which gives it its priority.
  GraphNodeId add(GraphNode node, std::span<const GraphNodeId> parents);
  GraphNodeId add(GraphNode node, GraphNodeId parent) { return add(std::move(node), {&parent, 1}); }
  // As if the node had been added to `parent` only now: a repartition node used once more.
  void add_again(GraphNodeId node, GraphNodeId parent);

  void connect(GraphNodeId parent, GraphNodeId child);
  void disconnect(GraphNodeId parent, GraphNodeId child);

  // What the aggregations of one grouped stream share: its repartition node, if it is named.
  std::size_t add_grouping();
  [[nodiscard]] std::optional<GraphNodeId>& repartition_of(std::size_t grouping);

  // Sources that must have one partition count.
  void copartition(std::vector<GraphNodeId> sources);
  [[nodiscard]] const std::vector<std::vector<GraphNodeId>>& copartitioned() const noexcept {
    return copartitioned_;
  }
  // Replaces a source in all co-partition groups.
  void replace_copartitioned(GraphNodeId source, GraphNodeId by);

 private:
  void raise_priority(GraphNodeId node);

  std::vector<GraphNode> nodes_;
  std::int32_t next_priority_ = 0;
  NameGenerator names_;
  std::vector<std::optional<GraphNodeId>> groupings_;
  std::vector<std::vector<GraphNodeId>> copartitioned_;
};

// Asks a table to say what each row was before. False if it cannot: a table that is not kept,
// unless `force` makes it so. Walks up to where the old values come from.
bool enable_old_values(Graph& graph, GraphNodeId table, bool force);

// Sees to it that the rows of a table can be looked up: by a store of its own, or of the tables it
// is computed from, which are told to keep their rows where needed. Returns the names of the stores
// a reader must be connected to.
std::vector<std::string> make_readable(Graph& graph, GraphNodeId table);

}  // namespace moldau::inline v0::topology
