#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/processor/semantics.h"
#include "moldau/state/storage.h"

#include "runtime/state_directory.h"
#include "runtime/stream_task.h"
#include "state/record_cache.h"

#include <cstddef>
#include <memory>
#include <string>

namespace moldau::inline v0::runtime {

// Opens the stores of one stream thread's tasks: below the state folder, with one record cache for
// all of them. Used on that thread only, but for resize_cache().
class ThreadStores final : public StoreOpener {
 public:
  struct Options {
    std::size_t cache_bytes = 0;
    Semantics semantics = Semantics::complete;
    DslStoreFormat format = DslStoreFormat::without_headers;
  };

  ThreadStores(const StateDirectory& directory, std::shared_ptr<state::Storage> storage,
               const Options& options, std::shared_ptr<Logger> logger, const Clock& clock,
               MetricRegistry& metrics);
  ~ThreadStores() override;

  // The thread's share of `statestore.cache.max.bytes`, when threads come or go. Any thread.
  void resize_cache(std::size_t bytes) noexcept { cache_.set_max_bytes(bytes); }

  [[nodiscard]] std::unique_ptr<state::StateStore> open(TaskId task, const TaskPlan::Store& store,
                                                        RecordSink& sink,
                                                        std::optional<TopicHandle> changelog,
                                                        state::DroppedRows& drops) override;
  void destroy(TaskId task, const TaskPlan::Store& store) override;

 private:
  const StateDirectory& directory_;
  std::shared_ptr<state::Storage> storage_;  // shared by all applications of the process
  state::RecordCache cache_;
  Options options_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  const Clock& clock_;
  MetricRegistry& metrics_;
};

}  // namespace moldau::inline v0::runtime
