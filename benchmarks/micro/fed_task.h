#pragma once

#include "moldau/kafka/values.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/storage.h"
#include "moldau/testing/manual_clock.h"
#include "moldau/topology/topology.h"

#include "base/temporary_folder.h"
#include "runtime/stream_task.h"
#include "state/record_cache.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace benchmarks {

// The records of one partition as a consumer hands them over: keys of 8 bytes drawn from `keys`,
// values of 100 bytes.
class Input {
 public:
  explicit Input(std::int64_t keys);

  // The next `count` records, appended. Their bytes are this object's.
  void append(std::size_t count, std::vector<moldau::kafka::FetchedRecord>& into);

 private:
  std::vector<std::array<std::byte, 8>> keys_;
  std::array<std::byte, 100> value_;
  std::uint64_t random_ = 88'172'645'463'325'252;
  moldau::Offset next_{0};
};

// A task as a stream thread runs it, with everything but Kafka: records come from an Input, and
// what is sent is added up.
class FedTask {
 public:
  // `cache_bytes`: of the record cache; 0 for none.
  FedTask(const moldau::Topology& topology, Input input, std::size_t cache_bytes = 0);

  // Runs this many records through the task.
  void process(std::size_t count);
  void commit();

  // Bytes sent so far: keeps the work from being optimised away.
  [[nodiscard]] std::uint64_t sent_bytes() const noexcept { return sink_.bytes; }

 private:
  struct SummingSink final : moldau::RecordSink, moldau::runtime::AckedOffsets {
    moldau::TopicHandle topic(std::string_view) override { return moldau::TopicHandle{0}; }
    std::int32_t partitions(moldau::TopicHandle) override { return 1; }
    void send(const moldau::OutgoingRecord& record) override;
    [[nodiscard]] std::optional<moldau::Offset> acked(moldau::TopicHandle,
                                                      moldau::PartitionId) const override;
    std::uint64_t bytes = 0;
    moldau::Offset last{0};
  };

  // Opens stores in a folder of their own.
  class Stores final : public moldau::runtime::StoreOpener {
   public:
    explicit Stores(std::size_t cache_bytes);
    ~Stores() override;
    std::unique_ptr<moldau::state::StateStore> open(moldau::TaskId task,
                                                    const moldau::runtime::TaskPlan::Store& store,
                                                    moldau::RecordSink& sink,
                                                    std::optional<moldau::TopicHandle> changelog,
                                                    moldau::state::DroppedRows& drops) override;
    void destroy(moldau::TaskId task, const moldau::runtime::TaskPlan::Store& store) override;

   private:
    moldau::TemporaryFolder folder_;
    std::shared_ptr<moldau::state::Storage> storage_;
    moldau::state::RecordCache cache_;
    std::shared_ptr<moldau::Logger> logger_;
    moldau::MetricRegistry metrics_;
  };

  Input input_;
  SummingSink sink_;
  Stores stores_;
  moldau::testing::ManualClock clock_;
  moldau::MetricRegistry metrics_;
  moldau::runtime::ErrorPolicy errors_;
  moldau::runtime::TaskServices services_;
  moldau::runtime::StreamTask task_;
  std::vector<moldau::kafka::FetchedRecord> batch_;
};

}  // namespace benchmarks
