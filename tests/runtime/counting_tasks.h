#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/manual_clock.h"

#include "runtime/memory_stores.h"
#include "runtime/stream_task.h"
#include "testing/noting_sink.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace moldau::runtime {

// Tasks that count the records of topic "in", with the store "counts" in memory. Not started.
class CountingTasks {
 public:
  explicit CountingTasks(std::shared_ptr<Logger> logger) : logger_(std::move(logger)) {}

  [[nodiscard]] std::unique_ptr<StreamTask> make(std::int32_t partition,
                                                 const Topology& topology = counts()) {
    const TaskId id{.subtopology = SubtopologyId{0}, .partition = PartitionId{partition}};
    auto task = std::make_unique<StreamTask>(
        make_task_plan(topology.shared_plan(), id, "app", {{"in", 100}}), services_);
    task->open_stores();
    return task;
  }

  [[nodiscard]] static Topology counts() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").group_by_key().count(
        {.name = "counts", .type = StoreType::in_memory});
    return builder.build();
  }

  // Of the only store.
  [[nodiscard]] static std::optional<Offset> position(StreamTask& task) {
    const auto position = task.stores().front().store->committed_position();
    return position ? std::optional{position->next} : std::nullopt;
  }

 private:
  std::shared_ptr<Logger> logger_;
  testing::NotingSink sink_;
  MetricRegistry metrics_;
  MemoryStores stores_{*logger_, metrics_};
  ErrorPolicy errors_{{}, logger_};
  // Tasks that are not started do not look at it.
  testing::ManualClock unused_;
  TaskServices services_{.application_id = "app",
                         .thread_name = "thread",
                         .sink = sink_,
                         .stores = stores_,
                         .errors = errors_,
                         .clock = unused_,
                         .logger = logger_,
                         .metrics = metrics_,
                         .idle = {.max_wait = std::chrono::milliseconds{-1}}};
};

}  // namespace moldau::runtime
