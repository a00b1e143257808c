#pragma once

#include "moldau/dsl/join_windows.h"
#include "moldau/dsl/joins.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/process_options.h"
#include "moldau/dsl/suppressed.h"
#include "moldau/export.h"
#include "moldau/processor/boundary_types.h"
#include "moldau/processor/foreign_key_join.h"
#include "moldau/processor/joiners.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/nodes/stream_stream_join.h"
#include "moldau/processor/nodes/stream_table_join.h"
#include "moldau/processor/pending_factory.h"
#include "moldau/processor/regroup.h"
#include "moldau/processor/repartition.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/graph_node_id.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What is left of streams and tables without their types. KStream, KTable and their like hold one
// of these; everything about names and the order of operators happens here, compiled once.
namespace moldau::inline v0::dsl {

using FactoryPtr = std::unique_ptr<processor::NodeFactory>;
using TableFactoryPtr = std::unique_ptr<processor::TableFactory>;

// An operator between others: its name prefix, and what it does to records.
struct Operator {
  std::string_view prefix;
  bool changes_key = false;
  bool changes_value = false;
};

namespace operators {
inline constexpr Operator filter{"KSTREAM-FILTER-"};
inline constexpr Operator map{"KSTREAM-MAP-", true, false};
inline constexpr Operator map_values{"KSTREAM-MAPVALUES-", false, true};
inline constexpr Operator flat_map{"KSTREAM-FLATMAP-", true, false};
inline constexpr Operator flat_map_values{"KSTREAM-FLATMAPVALUES-", false, true};
inline constexpr Operator select_key{"KSTREAM-KEY-SELECT-", true, false};
inline constexpr Operator peek{"KSTREAM-PEEK-"};
inline constexpr Operator for_each{"KSTREAM-FOREACH-"};
inline constexpr Operator process{"KSTREAM-PROCESSOR-", true, true};
inline constexpr Operator process_values{"KSTREAM-PROCESSVALUES-", false, true};
inline constexpr Operator table_filter{"KTABLE-FILTER-"};
inline constexpr Operator table_map_values{"KTABLE-MAPVALUES-"};
inline constexpr Operator table_transform_values{"KTABLE-TRANSFORMVALUES-"};
inline constexpr Operator aggregate{"KSTREAM-AGGREGATE-"};
inline constexpr Operator reduce{"KSTREAM-REDUCE-"};
inline constexpr Operator regrouped_aggregate{"KTABLE-AGGREGATE-"};
inline constexpr Operator regrouped_reduce{"KTABLE-REDUCE-"};
}  // namespace operators

// Materialized without its types.
struct StoreOptions {
  std::string name;
  StoreType type;
  bool logging;
  std::map<std::string, std::string> changelog_config;
  bool caching;
  std::optional<std::chrono::milliseconds> retention;
  std::optional<std::chrono::milliseconds> history;
  std::optional<std::chrono::milliseconds> segment_interval;

  template <class K, class V>
  explicit StoreOptions(const Materialized<K, V>& from)
      : name(from.name),
        type(from.type),
        logging(from.logging),
        changelog_config(from.changelog_config),
        caching(from.caching),
        retention(from.retention),
        history(from.history),
        segment_interval(from.segment_interval) {}
};

// StreamJoined without its types.
struct StreamJoinOptions {
  std::string name;
  std::string store_name;
  StoreType type;
  bool logging;
  std::map<std::string, std::string> changelog_config;
  std::optional<JoinStore> this_store;
  std::optional<JoinStore> other_store;

  template <class K, class V1, class V2>
  explicit StreamJoinOptions(const StreamJoined<K, V1, V2>& from)
      : name(from.name),
        store_name(from.store_name),
        type(from.type),
        logging(from.logging),
        changelog_config(from.changelog_config),
        this_store(from.this_store),
        other_store(from.other_store) {}
};

template <class Settings>
using PendingFactoryPtr = std::unique_ptr<processor::PendingFactory<Settings>>;

// Everything typed that the join of two streams needs.
struct StreamJoinParts {
  // Of one side: how its records are kept, and how they are joined.
  struct Side {
    PendingFactoryPtr<processor::JoinWindowSettings> window;
    PendingFactoryPtr<processor::StreamJoinSettings> join;
    processor::BoundaryTypes types;
    std::shared_ptr<const processor::RepartitionParts> repartition;
  };
  Side left;
  Side right;
  FactoryPtr merge;
  // For both sides at once, if they are one stream; nullptr if their types differ.
  PendingFactoryPtr<processor::StreamJoinSettings> alone;
};

// Everything typed that the join of a stream with a table needs.
struct TableJoinParts {
  PendingFactoryPtr<processor::TableJoinSettings> join;
  processor::BoundaryTypes types;  // of the stream's records, if they have to wait
  std::shared_ptr<const processor::RepartitionParts> repartition;
};

// Everything typed that a table's node needs.
struct TableParts {
  TableFactoryPtr factory;
  processor::BoundaryTypes types;
};

// What a join of two tables by key needs.
struct TableTableJoinParts {
  processor::JoinKind kind;
  TableFactoryPtr left;
  TableFactoryPtr right;
  TableParts result;
};

// What a source needs.
struct SourceParts {
  std::string name;  // as given; empty: generated
  AutoOffsetReset reset;
  processor::BoundaryTypes types;
  FactoryPtr factory;
};

class TableHandle;
class GlobalTableHandle;
class GroupedHandle;
class CogroupHandle;
struct WindowPlan;
class GroupedTableHandle;

// A stream without its types: a place in the program.
class MOLDAU_EXPORT StreamHandle {
 public:
  static StreamHandle from_topics(std::shared_ptr<topology::Graph> graph,
                                  std::vector<std::string> topics, SourceParts source);

  static StreamHandle from_pattern(std::shared_ptr<topology::Graph> graph, std::string expression,
                                   SourceParts source);

  [[nodiscard]] StreamHandle add(const Operator& op, const Named& named, FactoryPtr factory) const;
  [[nodiscard]] StreamHandle process(const Operator& op, const ProcessOptions& options,
                                     FactoryPtr factory) const;
  [[nodiscard]] StreamHandle merge(const StreamHandle& other, const Named& named,
                                   FactoryPtr factory) const;
  [[nodiscard]] StreamHandle repartition(
      std::string_view name, std::optional<std::int32_t> partitions,
      std::shared_ptr<const processor::RepartitionParts> parts) const;
  // No topic: computed for each record.
  void to(std::optional<std::string> topic, std::string_view name, processor::BoundaryTypes types,
          FactoryPtr factory) const;
  [[nodiscard]] TableHandle to_table(
      const StoreOptions& store, const Named& named, TableParts table,
      std::shared_ptr<const processor::RepartitionParts> repartition) const;
  [[nodiscard]] GroupedHandle group(
      std::string_view name, std::shared_ptr<const processor::RepartitionParts> repartition) const;

  // The join of this stream, the left one, with another. Throws TopologyError if they belong to
  // different builders, or if the windows make no sense.
  [[nodiscard]] StreamHandle join(const StreamHandle& other, processor::JoinKind kind,
                                  const JoinWindows& windows, const StreamJoinOptions& options,
                                  StreamJoinParts parts) const;
  // With a table. Throws TopologyError if they belong to different builders, or if the table has
  // not the history that a grace period needs.
  [[nodiscard]] StreamHandle join(const TableHandle& table, processor::JoinKind kind,
                                  std::string_view name,
                                  std::optional<std::chrono::milliseconds> grace,
                                  TableJoinParts parts) const;
  // With a global table, whatever the partitions of the stream. Throws TopologyError if they belong
  // to different builders.
  [[nodiscard]] StreamHandle join(const GlobalTableHandle& table, processor::JoinKind kind,
                                  const Named& named, FactoryPtr join) const;

  // Adds a splitter, which has no branches yet.
  [[nodiscard]] StreamHandle split(const Named& named) const;
  // Of a splitter: adds the head of a branch. `number`: 0 for the default branch.
  [[nodiscard]] StreamHandle add_branch(std::string_view name, std::size_t number,
                                        FactoryPtr head) const;
  // Of a splitter: what it runs from now on.
  void replace_factory(FactoryPtr factory) const;

  // The name of the operator.
  [[nodiscard]] const std::string& name() const;

 private:
  friend class TableHandle;
  friend class GroupedHandle;
  friend class CogroupHandle;
  using Sources = std::vector<topology::GraphNodeId>;

  StreamHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node, bool rekeyed,
               Sources sources);
  // `named`: the user chose the name.
  [[nodiscard]] topology::GraphNodeId add_repartition(
      const std::string& prefix, bool named, std::optional<std::int32_t> partitions,
      std::shared_ptr<const processor::RepartitionParts> parts) const;
  // The stream as a join reads it: behind a repartition topic, if its keys have changed.
  [[nodiscard]] StreamHandle partitioned_for_join(
      const std::string& name, bool named,
      std::shared_ptr<const processor::RepartitionParts> parts) const;
  // The sources of both, which must have one partition count.
  [[nodiscard]] Sources copartitioned_with(const Sources& others) const;

  std::shared_ptr<topology::Graph> graph_;  // shared by the builder and all of its handles
  topology::GraphNodeId node_;
  bool rekeyed_;     // keys may have changed since records were last partitioned
  Sources sources_;  // whose topics its records come from
};

// A table without its types.
class MOLDAU_EXPORT TableHandle {
 public:
  static TableHandle from_topic(std::shared_ptr<topology::Graph> graph, std::string topic,
                                SourceParts source, const StoreOptions& store, TableParts table);

  // `store`: nullopt if the program says nothing about it.
  [[nodiscard]] TableHandle filter(const Named& named, const std::optional<StoreOptions>& store,
                                   TableParts table) const;
  [[nodiscard]] TableHandle map_values(const Named& named, const std::optional<StoreOptions>& store,
                                       TableParts table) const;
  [[nodiscard]] TableHandle transform_values(const ProcessOptions& options,
                                             const std::optional<StoreOptions>& store,
                                             TableParts table) const;
  [[nodiscard]] StreamHandle to_stream(const Named& named, FactoryPtr factory) const;
  // Throws TopologyError if the table is a versioned one.
  [[nodiscard]] TableHandle suppress(const Named& named, BufferOptions buffer,
                                     TableParts table) const;
  // How long after the end of its window a row may change. Throws TopologyError if no windowed
  // aggregation is above.
  [[nodiscard]] processor::EventTimeWait window_closing() const;
  // `name`: of the grouping's operator and of its repartition topic; empty: generated.
  [[nodiscard]] GroupedTableHandle group_by(
      std::string_view name, FactoryPtr select,
      std::shared_ptr<const processor::RegroupParts> parts) const;
  [[nodiscard]] TableHandle join(const TableHandle& other, const Named& named,
                                 const std::optional<StoreOptions>& store,
                                 TableTableJoinParts join) const;
  // `name`: of the join; empty: generated.
  [[nodiscard]] TableHandle join_on_foreign_key(const TableHandle& other, std::string_view name,
                                                const StoreOptions& store,
                                                const processor::ForeignKeyJoinParts& join,
                                                TableParts result) const;

 private:
  friend class StreamHandle;
  friend class GroupedHandle;
  friend class CogroupHandle;
  friend class GroupedTableHandle;

  TableHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node,
              StreamHandle::Sources sources);
  [[nodiscard]] TableHandle derive(const Operator& op, const std::string& name,
                                   const std::optional<StoreOptions>& store, TableParts table,
                                   std::vector<UsedStore> used_stores = {}) const;

  std::shared_ptr<topology::Graph> graph_;  // shared by the builder and all of its handles
  topology::GraphNodeId node_;
  StreamHandle::Sources sources_;
};

// A grouped stream without its types.
class MOLDAU_EXPORT GroupedHandle {
 public:
  // count() with a word about the store; without one it is an aggregate() like any other.
  [[nodiscard]] TableHandle count(const Named& named, const StoreOptions& store,
                                  TableParts table) const;
  [[nodiscard]] TableHandle aggregate(const Operator& op, const Named& named,
                                      const StoreOptions& store, TableParts table) const;

  // Over windows. Throw TopologyError if the windows cannot be, or are not kept long enough.
  [[nodiscard]] TableHandle count(const Named& named, const StoreOptions& store, TableParts table,
                                  const WindowPlan& windows) const;
  [[nodiscard]] TableHandle aggregate(const Operator& op, const Named& named,
                                      const StoreOptions& store, TableParts table,
                                      const WindowPlan& windows) const;

 private:
  friend class StreamHandle;
  friend class CogroupHandle;

  GroupedHandle(StreamHandle stream, std::string name, std::size_t grouping,
                std::shared_ptr<const processor::RepartitionParts> repartition);
  // The stream as its aggregation reads it: behind a repartition topic, if its keys have changed.
  [[nodiscard]] StreamHandle partitioned(const state::StoreSpec& store) const;
  [[nodiscard]] TableHandle add_table(std::string name, state::StoreSpec store, TableParts table,
                                      const WindowPlan* windows) const;

  StreamHandle stream_;
  std::string name_;
  std::size_t grouping_;
  std::shared_ptr<const processor::RepartitionParts> repartition_;
};

// A global table without its types.
class MOLDAU_EXPORT GlobalTableHandle {
 public:
  static GlobalTableHandle from_topic(std::shared_ptr<topology::Graph> graph, std::string topic,
                                      SourceParts source, const StoreOptions& store,
                                      TableParts table);

  [[nodiscard]] const std::string& store_name() const noexcept { return store_; }

 private:
  friend class StreamHandle;

  GlobalTableHandle(std::shared_ptr<topology::Graph> graph, std::string store);

  std::shared_ptr<topology::Graph> graph_;  // shared by the builder and all of its handles
  std::string store_;
};

MOLDAU_EXPORT void add_state_store(topology::Graph& graph, const UsedStore& store);
MOLDAU_EXPORT void add_global_store(topology::Graph& graph, const UsedStore& store,
                                    std::string topic, SourceParts source, FactoryPtr processor);

}  // namespace moldau::inline v0::dsl
