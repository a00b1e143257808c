#pragma once

#include "moldau/processor/boundary_types.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/regroup.h"
#include "moldau/processor/repartition.h"
#include "moldau/processor/used_store.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/graph_node_id.h"
#include "moldau/topology/plan.h"
#include "moldau/topology/plan_builder.h"

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
  std::vector<std::string> topics;  // empty: by pattern
  AutoOffsetReset reset = AutoOffsetReset::from_config;
  processor::BoundaryTypes types;
  NodeFactoryPtr factory;
  std::optional<std::string> pattern = {};
};

struct TableSource {
  std::string topic;
  AutoOffsetReset reset = AutoOffsetReset::from_config;
  processor::BoundaryTypes types;
  std::string source_name;  // of the node that reads; the graph node's name is the table's
  NodeFactoryPtr source;
  bool reuse_topic = false;  // as the changelog of the table's store: set by a rule
};

struct Processor {
  NodeFactoryPtr factory;
  std::vector<state::StoreSpec> stores = {};           // to be made for it
  std::vector<std::string> used_stores = {};           // to be connected to it, in this order
  std::optional<processor::BoundaryTypes> types = {};  // of records that it keeps itself
};

// A processor of the user's, with the stores it uses.
struct UserProcessor {
  NodeFactoryPtr factory;
  std::vector<UsedStore> stores = {};
  bool may_change_key = false;
  bool may_change_value = false;
};

// A store that processors use by name. The graph node's name is that of the store.
struct AddedStore {
  state::StoreSpec spec;
  state::StoreSerdesPtr serdes;
};

// A store for the whole application. The graph node's name is that of its processor.
struct GlobalStore {
  processor::BoundaryTypes types;
  PlanBuilder::GlobalStore parts;
};

// A processor that emits a table: its factory is in GraphNode::table.
struct TableProcessor {
  std::vector<UsedStore> stores = {};  // of a user's, besides the table's own
};

// An aggregation that changes the rows of a table further down, together with others of its kind.
struct CogroupInput {
  std::shared_ptr<const processor::TableFactory> factory;
  GraphNodeId table = {};
};

// The table that they change: hands their changes on, and is not connected to the store itself.
struct CogroupMerge {};

struct Sink {
  std::optional<std::string> topic;  // nullopt: computed for each record
  processor::BoundaryTypes types;
  NodeFactoryPtr factory;
  bool owns_topic = false;  // the topic is one of the library's
};

// Out into a topic of the library's and back in. The graph node's name is that of the source.
struct Repartition {
  std::string topic;
  std::optional<std::int32_t> partitions = {};
  std::string filter_name;
  std::string sink_name;
  bool keep_null_keys = false;  // set by the rule pass_null_keys
  std::shared_ptr<const processor::RepartitionParts> parts;
  bool explicitly_named = false;
  bool asked_for = false;  // by repartition(): it stays where it is
};

// The same for the changes of a regrouped table, which all have keys.
struct TableRepartition {
  std::string topic;
  std::string sink_name;
  std::shared_ptr<const processor::RegroupParts> parts;
};

// Two tables brought together by key: a node for each side, and one that emits the result, whose
// name is the graph node's and whose factory is in GraphNode::table.
struct TableJoin {
  struct Side {
    std::string name;
    GraphNodeId table;
    std::vector<std::string> used_stores;  // to look up rows of the other side
    std::shared_ptr<const processor::TableFactory> factory;
  };
  Side left;
  Side right;
};

// The end of a stream-stream join, behind the two nodes that keep the records: a node for each
// side, and one for the results of both. The graph node's name is that of the last one.
struct StreamJoin {
  std::string left_window;  // the nodes before it
  std::string right_window;
  std::string left_name;
  std::string right_name;
  NodeFactoryPtr left;
  NodeFactoryPtr right;
  NodeFactoryPtr merge;
  std::string left_store;  // the windows of either side
  std::string right_store;
  std::optional<state::StoreSpec> unmatched = {};  // of a left or outer join
  processor::BoundaryTypes left_types;
  processor::BoundaryTypes right_types;
  // Does the work of the three behind left_window alone, on left_store, if both sides are the same
  // stream: set by a rule, which then takes the right window's node out. nullptr: it cannot.
  NodeFactoryPtr alone = nullptr;
  bool on_one_store = false;
};

using Operation = std::variant<Root, StreamSource, TableSource, Processor, UserProcessor,
                               AddedStore, GlobalStore, TableProcessor, CogroupInput, CogroupMerge,
                               Sink, Repartition, TableRepartition, StreamJoin, TableJoin>;

// Where the rows of a table come from; decides what asking it for old values means.
enum class TableOrigin : std::uint8_t {
  topic,      // rows as they are read: old values need a store, which must be asked for
  aggregate,  // always has a store
  derived,    // computed from the rows of its parent
  join,       // computed from the rows of two tables
  held_back,  // the rows of its parent as suppress() has handed them on: its store is the buffer
};

// When a row of a windowed table changes no more: once stream time is `grace` past the window's
// end; exactly then if the end does not belong to the window, later if it does.
struct WindowClosing {
  std::chrono::milliseconds grace{0};  // of a session: with the inactivity gap
  bool end_belongs = false;
};

struct Table {
  TableOrigin origin = TableOrigin::topic;
  std::optional<GraphNodeId> parent = {};        // of a derived table; of a join: the left one
  std::optional<GraphNodeId> other_parent = {};  // of a join: the right one
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
  // The repartition node that joins of this stream share.
  std::optional<GraphNodeId> join_repartition = {};
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
  GraphNodeId add(GraphNode node, GraphNodeId parent);
  // Adds a node that a rule makes, to be connected by it, with the priority of another one.
  GraphNodeId add_unconnected(GraphNode node, GraphNodeId written_like);
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

// How far back the rows of a table can be looked up as they were; nullopt if it is not versioned.
// REQUIRES: make_readable().
std::optional<std::chrono::milliseconds> history_of(const Graph& graph, GraphNodeId table);

}  // namespace moldau::inline v0::topology
