#include "testing/driver_globals.h"

#include <utility>
#include <vector>

namespace moldau::inline v0::testing {

namespace {

std::optional<std::filesystem::path> below(const std::optional<std::filesystem::path>& folder) {
  return folder ? std::optional{*folder / "global"} : std::nullopt;
}

runtime::TaskServices services_for(const runtime::TaskServices& task, RecordSink& sink,
                                   runtime::StoreOpener& stores, runtime::ErrorPolicy& errors) {
  return {.application_id = task.application_id,
          .thread_name = task.thread_name,
          .sink = sink,
          .stores = stores,
          .errors = errors,
          .clock = task.clock,
          .logger = task.logger,
          .metrics = task.metrics,
          .timestamp_policy = task.timestamp_policy,
          .semantics = task.semantics,
          .idle = task.idle,
          .state_dir = task.state_dir,
          .app_configs = task.app_configs,
          .processor_wrapper = task.processor_wrapper};
}

// One partition a topic.
runtime::PartitionCounts single_partitions(const topology::TopologyPlan& topology) {
  runtime::PartitionCounts counts;
  for (const topology::NodeSpec& node : topology.nodes) {
    if (!node.global) continue;
    for (const std::string& topic : node.topics) counts.emplace(topic, 1);
  }
  return counts;
}

}  // namespace

DriverGlobals::DriverGlobals(const std::shared_ptr<const topology::TopologyPlan>& topology,
                             const Config& config, const runtime::TaskServices& services,
                             const std::optional<std::filesystem::path>& folder)
    : storage_(
          state::with_rocksdb_options(state::make_rocksdb_storage(), config.rocksdb_config_setter)),
      opener_(*storage_, below(folder), services.logger, services.clock, services.metrics,
              config.dsl_store_format),
      errors_({.deserialization = config.deserialization_exception_handler,
               .processing = config.processing_exception_handler_global_enabled
                                 ? config.processing_exception_handler
                                 : ProcessingExceptionHandler{},
               .production = {}},
              services.logger, config.errors_dead_letter_queue_topic_name),
      task_(topology, services_for(services, sink_, opener_, errors_),
            single_partitions(*topology)) {
  for (std::size_t i = 0; i < task_.inputs().size(); ++i) {
    inputs_.emplace(task_.inputs()[i].partition.topic, Input{.index = i, .next = Offset{0}});
  }
  task_.open_stores();
  task_.start();
}

DriverGlobals::~DriverGlobals() = default;

bool DriverGlobals::apply(const RawTestRecord& record,
                          kafka::FetchedRecord (*fetched)(const RawTestRecord&, Offset)) {
  const auto input = inputs_.find(record.topic);
  if (input == inputs_.end()) return false;
  std::vector<kafka::FetchedRecord> records;
  records.push_back(fetched(record, input->second.next));
  input->second.next = input->second.next + 1;
  task_.apply(input->second.index, records);
  task_.commit();
  return true;
}

state::StateStore* DriverGlobals::find(std::string_view name) { return task_.find(name); }

}  // namespace moldau::inline v0::testing
