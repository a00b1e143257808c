#include "micro/fed_globals.h"

#include <string>
#include <vector>

namespace benchmarks {

namespace {

moldau::runtime::TaskServices with(moldau::runtime::TaskServices services, moldau::RecordSink& sink,
                                   moldau::runtime::StoreOpener& stores) {
  return {.application_id = services.application_id,
          .thread_name = services.thread_name,
          .sink = sink,
          .stores = stores,
          .errors = services.errors,
          .clock = services.clock,
          .logger = services.logger,
          .metrics = services.metrics,
          .idle = services.idle};
}

moldau::runtime::PartitionCounts one_partition_each(const moldau::topology::TopologyPlan& plan) {
  moldau::runtime::PartitionCounts counts;
  for (const moldau::topology::NodeSpec& node : plan.nodes) {
    for (const std::string& topic : node.topics) counts.emplace(topic, 1);
  }
  return counts;
}

}  // namespace

FedGlobals::FedGlobals(const std::shared_ptr<const moldau::topology::TopologyPlan>& topology,
                       const moldau::runtime::TaskServices& services, const Input& records)
    : opener_(*storage_, folder_.path(), services.logger, services.clock, services.metrics),
      task_(topology, with(services, sink_, opener_), one_partition_each(*topology)) {
  task_.open_stores();
  task_.start();
  for (std::size_t input = 0; input < task_.inputs().size(); ++input) {
    std::vector<moldau::kafka::FetchedRecord> rows;
    records.append_each_key(rows);
    task_.apply(input, rows);
  }
  task_.commit();
}

}  // namespace benchmarks
