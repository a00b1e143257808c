#include "runtime/thread_stores.h"

#include "state/open_store.h"

#include <utility>

namespace moldau::inline v0::runtime {

ThreadStores::ThreadStores(const StateDirectory& directory, std::shared_ptr<state::Storage> storage,
                           std::size_t cache_bytes, Semantics semantics, DslStoreFormat format,
                           std::shared_ptr<Logger> logger, MetricRegistry& metrics)
    : directory_(directory),
      storage_(std::move(storage)),
      cache_(cache_bytes),
      semantics_(semantics),
      format_(format),
      logger_(std::move(logger)),
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
                                        .lingering = semantics_ == Semantics::complete,
                                        .format = format_,
                                        .changelog = target,
                                        .cache = cache_.max_bytes() > 0 ? &cache_ : nullptr,
                                        .drops = &drops,
                                        .logger = *logger_,
                                        .metrics = metrics_,
                                        .metric_tags = {{"task-id", to_string(task)}}});
}

void ThreadStores::destroy(TaskId task, const TaskPlan::Store& store) {
  if (store.plan->spec.type != StoreType::rocksdb) return;
  storage_->destroy(directory_.store_path(task, store.plan->spec.name));
}

}  // namespace moldau::inline v0::runtime
