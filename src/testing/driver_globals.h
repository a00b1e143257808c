#pragma once

#include "moldau/streams/config.h"
#include "moldau/testing/test_record.h"
#include "moldau/topology/plan.h"

#include "runtime/global_task.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::testing {

// The global stores of a test driver: a record of one of their topics is applied at once.
class DriverGlobals final : public runtime::GlobalStores {
 public:
  // `services` are those of the driver's task, which outlive this object.
  DriverGlobals(const std::shared_ptr<const topology::TopologyPlan>& topology, const Config& config,
                const runtime::TaskServices& services,
                const std::optional<std::filesystem::path>& folder);
  ~DriverGlobals();

  // False if no global store reads its topic.
  bool apply(const RawTestRecord& record,
             kafka::FetchedRecord (*fetched)(const RawTestRecord&, Offset));

  [[nodiscard]] state::StateStore* find(std::string_view name) override;
  [[nodiscard]] std::vector<runtime::StreamTask::Store>& stores() noexcept {
    return task_.stores();
  }

 private:
  struct Input {
    std::size_t index;
    Offset next;
  };

  std::shared_ptr<state::Storage> storage_;  // of this driver alone
  runtime::GlobalStoreOpener opener_;
  runtime::ErrorPolicy errors_;
  runtime::NoSink sink_;
  runtime::GlobalTask task_;
  std::map<std::string, Input, std::less<>> inputs_;
};

}  // namespace moldau::inline v0::testing
