#include "testing/driver_stores.h"

#include "state/open_store.h"

#include <utility>

namespace moldau::inline v0::testing {

DriverStores::DriverStores(std::optional<std::filesystem::path> folder, const Config& config,
                           const Clock& clock, MetricRegistry& metrics)
    : folder_(std::move(folder)),
      storage_(
          state::with_rocksdb_options(state::make_rocksdb_storage(), config.rocksdb_config_setter)),
      cache_(config.statestore_cache_max_bytes),
      semantics_(config.semantics),
      format_(config.dsl_store_format),
      logger_(config.logger),
      clock_(clock),
      metrics_(metrics) {}

DriverStores::~DriverStores() = default;

std::unique_ptr<state::StateStore> DriverStores::open(TaskId task,
                                                      const runtime::TaskPlan::Store& store,
                                                      RecordSink& sink,
                                                      std::optional<TopicHandle> changelog,
                                                      state::DroppedRows& drops) {
  const state::StoreSpec& spec = store.plan->spec;
  std::optional<state::ChangelogTarget> target;
  if (changelog) target.emplace(sink, *changelog, task.partition);
  return state::open_state_store(spec, {.storage = *storage_,
                                        .folder = folder_.value_or("") / spec.name,
                                        .in_memory = !folder_,
                                        .lingering = semantics_ == Semantics::complete,
                                        .format = format_,
                                        .changelog = target,
                                        .cache = cache_.max_bytes() > 0 ? &cache_ : nullptr,
                                        .drops = &drops,
                                        .logger = *logger_,
                                        .clock = clock_,
                                        .metrics = metrics_});
}

void DriverStores::destroy(TaskId, const runtime::TaskPlan::Store& store) {
  if (folder_) storage_->destroy(*folder_ / store.plan->spec.name);
}

}  // namespace moldau::inline v0::testing
