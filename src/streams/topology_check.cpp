#include "streams/topology_check.h"

#include <optional>
#include <string_view>

namespace moldau::inline v0::streams {

std::vector<std::string> built_without(const Topology& topology, const Config& config) {
  std::vector<std::string> problems;
  const std::optional<TopologyConfig>& built = topology.plan().built_with;
  if (!built) return problems;  // no program: there is nothing to rewrite
  const auto require = [&](bool asked, bool done, std::string_view key) {
    if (!asked || done) return;
    problems.push_back(std::string{key} +
                       " is set, but the topology was built without it: pass it on with "
                       "StreamsBuilder::build(config.topology)");
  };
  const Optimization& asked = config.topology.optimization;
  const Optimization& done = built->optimization;
  require((asked.reuse_table_source_topics && !done.reuse_table_source_topics) ||
              (asked.merge_repartition_topics && !done.merge_repartition_topics) ||
              (asked.single_store_self_join && !done.single_store_self_join),
          false, "topology.optimization");
  require(config.topology.ensure_explicit_internal_resource_naming,
          built->ensure_explicit_internal_resource_naming,
          "ensure.explicit.internal.resource.naming");
  require(config.topology.process_process_value_fix, built->process_process_value_fix,
          "__enable.process.processValue.fix__");
  return problems;
}

}  // namespace moldau::inline v0::streams
