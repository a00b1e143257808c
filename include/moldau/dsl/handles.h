#pragma once

#include "moldau/dsl/options.h"
#include "moldau/export.h"
#include "moldau/processor/boundary_types.h"
#include "moldau/processor/node_factory.h"
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
inline constexpr Operator table_filter{"KTABLE-FILTER-"};
inline constexpr Operator table_map_values{"KTABLE-MAPVALUES-"};
inline constexpr Operator aggregate{"KSTREAM-AGGREGATE-"};
inline constexpr Operator reduce{"KSTREAM-REDUCE-"};
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

  template <class K, class V>
  explicit StoreOptions(const Materialized<K, V>& from)
      : name(from.name),
        type(from.type),
        logging(from.logging),
        changelog_config(from.changelog_config),
        caching(from.caching),
        retention(from.retention),
        history(from.history) {}
};

// Everything typed that a table's node needs.
struct TableParts {
  TableFactoryPtr factory;
  processor::BoundaryTypes types;
};

// What a source needs.
struct SourceParts {
  std::string name;  // as given; empty: generated
  AutoOffsetReset reset;
  processor::BoundaryTypes types;
  FactoryPtr factory;
};

class TableHandle;
class GroupedHandle;

// A stream without its types: a place in the program.
class MOLDAU_EXPORT StreamHandle {
 public:
  static StreamHandle from_topics(std::shared_ptr<topology::Graph> graph,
                                  std::vector<std::string> topics, SourceParts source);

  [[nodiscard]] StreamHandle add(const Operator& op, const Named& named, FactoryPtr factory) const;
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
  using Sources = std::vector<topology::GraphNodeId>;

  StreamHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node, bool rekeyed,
               Sources sources);
  [[nodiscard]] topology::GraphNodeId add_repartition(
      const std::string& prefix, std::optional<std::int32_t> partitions,
      std::shared_ptr<const processor::RepartitionParts> parts) const;

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
  [[nodiscard]] StreamHandle to_stream(const Named& named, FactoryPtr factory) const;

 private:
  friend class StreamHandle;
  friend class GroupedHandle;

  TableHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node,
              StreamHandle::Sources sources);
  [[nodiscard]] TableHandle derive(const Operator& op, const Named& named,
                                   const std::optional<StoreOptions>& store,
                                   TableParts table) const;

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

 private:
  friend class StreamHandle;

  GroupedHandle(StreamHandle stream, std::string name, std::size_t grouping,
                std::shared_ptr<const processor::RepartitionParts> repartition);
  // The stream as its aggregation reads it: behind a repartition topic, if its keys have changed.
  [[nodiscard]] StreamHandle partitioned(const std::string& store) const;

  StreamHandle stream_;
  std::string name_;
  std::size_t grouping_;
  std::shared_ptr<const processor::RepartitionParts> repartition_;
};

}  // namespace moldau::inline v0::dsl
