#include "runtime/thread_stores.h"

#include "state/open_store.h"

#include <utility>

namespace moldau::inline v0::runtime {

ThreadStores::ThreadStores(const StateDirectory& directory, std::shared_ptr<state::Storage> storage,
                           const Options& options, std::shared_ptr<Logger> logger,
                           const Clock& clock, MetricRegistry& metrics)
    : directory_(directory),
      storage_(std::move(storage)),
      cache_(options.cache_bytes),
      options_(options),
      logger_(std::move(logger)),
      clock_(clock),
      metrics_(metrics) {}

ThreadStores::~ThreadStores() = default;

std::unique_ptr<state::StateStore> ThreadStores::open(TaskId task, const TaskPlan::Store& store,
                                                      RecordSink& sink,
                                                      std::optional<TopicHandle> changelog,
                                                      state::DroppedRows& drops) {
  const state::StoreSpec& spec = store.plan->spec;
  std::optional<state::ChangelogTarget> target;
  if (changelog) target.emplace(sink, *changelog, task.partition);
  return state::open_state_store(spec, {.storage = *storage_,
                                        .folder = directory_.store_path(task, spec.name),
                                        .lingering = options_.semantics == Semantics::complete,
                                        .format = options_.format,
                                        .changelog = target,
                                        .cache = cache_.max_bytes() > 0 ? &cache_ : nullptr,
                                        .drops = &drops,
                                        .logger = *logger_,
                                        .clock = clock_,
                                        .metrics = metrics_,
                                        .metric_tags = {{"task-id", to_string(task)}}});
}

void ThreadStores::destroy(TaskId task, const TaskPlan::Store& store) {
  if (store.plan->spec.type != StoreType::rocksdb) return;
  storage_->destroy(directory_.store_path(task, store.plan->spec.name));
}

}  // namespace moldau::inline v0::runtime
