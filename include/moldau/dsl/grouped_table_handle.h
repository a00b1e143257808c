#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/export.h"
#include "moldau/processor/regroup.h"

#include <cstddef>
#include <memory>
#include <string>

namespace moldau::inline v0::dsl {

// A regrouped table without its types.
class MOLDAU_EXPORT GroupedTableHandle {
 public:
  // Any aggregation: the reference names the stores of all three alike.
  [[nodiscard]] TableHandle aggregate(const Operator& op, const Named& named,
                                      const StoreOptions& store, TableParts table) const;

 private:
  friend class TableHandle;

  GroupedTableHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node,
                     std::string name, std::size_t grouping,
                     std::shared_ptr<const processor::RegroupParts> parts);
  // The repartition topic between the grouping and one aggregation: its own, or that of a named
  // grouping.
  [[nodiscard]] topology::GraphNodeId repartitioned(const std::string& store, std::string sink,
                                                    std::string source) const;

  std::shared_ptr<topology::Graph> graph_;  // shared by the builder and all of its handles
  topology::GraphNodeId node_;
  std::string name_;
  std::size_t grouping_;
  std::shared_ptr<const processor::RegroupParts> parts_;  // shared with its repartition nodes
};

}  // namespace moldau::inline v0::dsl
