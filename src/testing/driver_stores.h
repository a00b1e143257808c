#pragma once

#include "moldau/base/logger.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/processor/semantics.h"
#include "moldau/state/storage.h"
#include "moldau/streams/config.h"

#include "runtime/stream_task.h"
#include "state/record_cache.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace moldau::inline v0::testing {

// Opens the stores of the test driver's task: in memory, or in RocksDB below a folder.
class DriverStores final : public runtime::StoreOpener {
 public:
  DriverStores(std::optional<std::filesystem::path> folder, const Config& config,
               const Clock& clock, MetricRegistry& metrics);
  ~DriverStores() override;

  [[nodiscard]] std::unique_ptr<state::StateStore> open(TaskId task,
                                                        const runtime::TaskPlan::Store& store,
                                                        RecordSink& sink,
                                                        std::optional<TopicHandle> changelog,
                                                        state::DroppedRows& drops) override;
  void destroy(TaskId task, const runtime::TaskPlan::Store& store) override;

 private:
  std::optional<std::filesystem::path> folder_;
  std::shared_ptr<state::Storage> storage_;  // of this driver alone
  state::RecordCache cache_;
  Semantics semantics_;
  DslStoreFormat format_;
  std::shared_ptr<Logger> logger_;  // the driver's; shared with its task
  const Clock& clock_;
  MetricRegistry& metrics_;
};

}  // namespace moldau::inline v0::testing
