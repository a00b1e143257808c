#pragma once

#include "moldau/kafka/values.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/storage.h"
#include "moldau/testing/manual_clock.h"
#include "moldau/topology/topology.h"

#include "base/temporary_folder.h"
#include "micro/fed_globals.h"
#include "micro/input.h"
#include "runtime/stream_task.h"
#include "state/record_cache.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace benchmarks {

// What was sent to a topic that the task reads itself, on its way back in. Keeps its memory.
class Loop {
 public:
  void keep(const moldau::OutgoingRecord& record);
  [[nodiscard]] bool empty() const noexcept { return kept_.empty(); }
  // Appends what was kept. Its bytes stay valid until the next call but one of take().
  void take(std::vector<moldau::kafka::FetchedRecord>& into);

 private:
  struct Kept {
    std::optional<std::size_t> key_size;
    std::optional<std::size_t> value_size;
    moldau::Timestamp timestamp;
  };
  std::vector<Kept> kept_;
  std::vector<std::byte> filling_;
  std::vector<std::byte> taken_;
  moldau::Offset next_{0};
};

// A task as a stream thread runs it, with everything but Kafka: records come from an Input, topics
// between sub-topologies go in a circle, and what is sent is added up. Global stores are filled
// before, with a row for each key of the Input.
class FedTask {
 public:
  // `cache_bytes`: of the record cache; 0 for none.
  FedTask(const moldau::Topology& topology, Input input, std::size_t cache_bytes = 0);

  // Runs this many records through the task; several inputs take turns, batch by batch.
  void process(std::size_t count);
  void commit();

  // Bytes sent so far: keeps the work from being optimised away.
  [[nodiscard]] std::uint64_t sent_bytes() const noexcept { return sink_.bytes; }

 private:
  struct SummingSink final : moldau::RecordSink, moldau::runtime::AckedOffsets {
    moldau::TopicHandle topic(std::string_view name) override;
    std::int32_t partitions(moldau::TopicHandle) override { return 1; }
    void send(const moldau::OutgoingRecord& record) override;
    [[nodiscard]] std::optional<moldau::Offset> acked(moldau::TopicHandle,
                                                      moldau::PartitionId) const override;
    std::uint64_t bytes = 0;
    moldau::Offset last{0};
    std::vector<std::string> names = {};
    std::vector<Loop*> loops = {};  // by topic; null: nobody reads it
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

  void process_all();

  Input input_;
  SummingSink sink_;
  Stores stores_;
  moldau::testing::ManualClock clock_;
  moldau::MetricRegistry metrics_;
  moldau::runtime::ErrorPolicy errors_;
  moldau::runtime::TaskServices services_;
  std::unique_ptr<FedGlobals> globals_;  // nullptr: the topology has none
  moldau::runtime::StreamTask task_;
  std::vector<moldau::kafka::FetchedRecord> batch_;
  std::vector<std::size_t> outer_inputs_;  // fed by input_
  std::vector<std::pair<std::size_t, std::unique_ptr<Loop>>>
      loops_;  // input with what returns to it
  std::size_t turn_ = 0;
};

}  // namespace benchmarks
