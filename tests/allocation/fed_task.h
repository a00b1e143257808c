#pragma once

#include "moldau/metrics/metric_registry.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/storage.h"
#include "moldau/testing/manual_clock.h"
#include "moldau/topology/topology.h"

#include "runtime/global_stores.h"
#include "runtime/stream_task.h"
#include "state/record_cache.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace moldau {

// Enough for buffers to reach their size.
inline constexpr int batches = 20;
// Enough for everything that a test writes.
inline constexpr std::size_t cache_bytes = 10U << 20;

// Stands for the producer: looks at what it is sent.
class SummingSink final : public RecordSink {
 public:
  TopicHandle topic(std::string_view) override { return TopicHandle{0}; }
  std::int32_t partitions(TopicHandle) override { return 1; }
  void send(const OutgoingRecord& record) override;

  std::size_t records = 0;
  std::size_t bytes = 0;
};

// Opens stores in memory, and remembers the last one.
class MemoryStores final : public runtime::StoreOpener {
 public:
  explicit MemoryStores(std::size_t cache_size) : cache_(cache_size) {}

  std::unique_ptr<state::StateStore> open(TaskId task, const runtime::TaskPlan::Store& store,
                                          RecordSink& sink, std::optional<TopicHandle> changelog,
                                          state::DroppedRows& drops) override;
  void destroy(TaskId, const runtime::TaskPlan::Store&) override {}

  state::StateStore* last = nullptr;

 private:
  std::shared_ptr<state::Storage> storage_ = state::make_rocksdb_storage();
  state::RecordCache cache_;
  std::shared_ptr<Logger> logger_ = make_silent_logger();
  MetricRegistry metrics_;
};

// A task as a stream thread runs it, fed with batches of records as a consumer delivers them.
class FedTask {
 public:
  static constexpr std::size_t batch_size = 500;
  // Longer than what a std::string holds without the heap.
  static constexpr std::string_view key = "key-of-twenty-six-letters-";

  // `globals`: the global stores, which outlive this; nullptr if the topology has none.
  explicit FedTask(const Topology& topology, std::size_t cache_size = 0,
                   runtime::GlobalStores* globals = nullptr);

  // Runs some batches through the task. The time of a record is later by `step` than that of the
  // one before.
  void process(int count, std::chrono::milliseconds step = {});

  [[nodiscard]] state::StateStore& store() { return *stores_.last; }
  [[nodiscard]] Timestamp time() const noexcept { return time_; }

  SummingSink sink;

 private:
  MemoryStores stores_;
  testing::ManualClock clock_;
  MetricRegistry metrics_;
  runtime::ErrorPolicy errors_{{}, make_silent_logger()};
  runtime::TaskServices services_;
  runtime::StreamTask task_;
  std::vector<kafka::FetchedRecord> batch_;
  Offset next_{0};
  Timestamp time_{1'000};
};

}  // namespace moldau
