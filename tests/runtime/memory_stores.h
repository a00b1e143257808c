#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/metrics/metric_registry.h"

#include "runtime/stream_task.h"
#include "state/open_store.h"

#include <memory>
#include <optional>

namespace moldau::runtime {

// Opens every store of a task in memory. `logger` and `metrics` outlive it.
class MemoryStores final : public StoreOpener {
 public:
  MemoryStores(Logger& logger, MetricRegistry& metrics) : logger_(logger), metrics_(metrics) {}

  std::unique_ptr<state::StateStore> open(TaskId task, const TaskPlan::Store& store,
                                          RecordSink& sink, std::optional<TopicHandle> changelog,
                                          state::DroppedRows& drops) override {
    std::optional<state::ChangelogTarget> target;
    if (changelog) target.emplace(sink, *changelog, task.partition);
    return state::open_state_store(store.plan->spec, {.storage = *storage_,
                                                      .folder = {},
                                                      .in_memory = true,
                                                      .changelog = target,
                                                      .drops = &drops,
                                                      .logger = logger_,
                                                      .clock = system_clock(),
                                                      .metrics = metrics_});
  }
  void destroy(TaskId, const TaskPlan::Store&) override {}

 private:
  std::shared_ptr<state::Storage> storage_ = state::make_rocksdb_storage();
  Logger& logger_;
  MetricRegistry& metrics_;
};

}  // namespace moldau::runtime
