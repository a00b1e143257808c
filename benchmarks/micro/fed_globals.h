#pragma once

#include "moldau/topology/plan.h"

#include "base/temporary_folder.h"
#include "micro/input.h"
#include "runtime/global_task.h"

#include <memory>

namespace benchmarks {

// The global stores of a topology, filled once with a record of each key.
class FedGlobals {
 public:
  // `services` are those of the task that reads the stores. Both outlive this.
  FedGlobals(const std::shared_ptr<const moldau::topology::TopologyPlan>& topology,
             const moldau::runtime::TaskServices& services, const Input& records);

  [[nodiscard]] moldau::runtime::GlobalStores& stores() noexcept { return task_; }

 private:
  moldau::TemporaryFolder folder_;
  std::shared_ptr<moldau::state::Storage> storage_ = moldau::state::make_rocksdb_storage();
  moldau::runtime::GlobalStoreOpener opener_;
  moldau::runtime::NoSink sink_;
  moldau::runtime::GlobalTask task_;
};

}  // namespace benchmarks
