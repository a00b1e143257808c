#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/export.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace moldau::inline v0::dsl {

namespace operators {
inline constexpr std::string_view cogroup_aggregate = "COGROUPKSTREAM-AGGREGATE-";
inline constexpr std::string_view cogroup_merge = "COGROUPKSTREAM-MERGE-";
}  // namespace operators

// A cogrouped stream without its types: the grouped streams that make one table. A value; copies
// share the repartition topics of their inputs.
class MOLDAU_EXPORT CogroupHandle {
 public:
  // Adds an input, or finds it: a grouped stream is an input once. Returns its place, from 0.
  // Throws TopologyError if it belongs to another StreamsBuilder than the inputs before.
  std::size_t add(const GroupedHandle& grouped);

  // The table, from a node for each input, in their order, and one where they come together.
  // `windows`: nullptr if there are none. REQUIRES: at least one input.
  [[nodiscard]] TableHandle aggregate(const Named& named, const StoreOptions& store,
                                      std::vector<TableFactoryPtr> inputs, TableParts table,
                                      const WindowPlan* windows) const;

 private:
  struct Input {
    GroupedHandle grouped;
    std::size_t repartition;  // where the graph keeps its repartition node
  };

  [[nodiscard]] topology::GraphNodeId partitioned(const Input& input,
                                                  const state::StoreSpec& store) const;

  std::vector<Input> inputs_;
};

}  // namespace moldau::inline v0::dsl
