#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/builtin.h"
#include "moldau/testing/manual_clock.h"

#include "allocation/counting_new.h"
#include "runtime/stream_task.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace moldau {
namespace {

// Stands for the producer: looks at what it is sent.
class SummingSink final : public RecordSink {
 public:
  TopicHandle topic(std::string_view) override { return TopicHandle{0}; }
  std::int32_t partitions(TopicHandle) override { return 1; }
  void send(const OutgoingRecord& record) override {
    ++records;
    if (record.key) bytes += record.key->size();
    if (record.value) bytes += record.value->size();
  }

  std::size_t records = 0;
  std::size_t bytes = 0;
};

class NoStores final : public runtime::StoreOpener {
 public:
  std::unique_ptr<state::StateStore> open(TaskId, const runtime::TaskPlan::Store&, RecordSink&,
                                          std::optional<TopicHandle>,
                                          state::DroppedRows&) override {
    throw std::logic_error("a stateless task has no stores");
  }
  void destroy(TaskId, const runtime::TaskPlan::Store&) override {}
};

// A task as a stream thread runs it, fed with batches of records as a consumer delivers them.
class FedTask {
 public:
  static constexpr std::size_t batch_size = 500;

  explicit FedTask(const Topology& topology)
      : services_{.application_id = "allocations",
                  .thread_name = "thread-1",
                  .sink = sink,
                  .stores = stores_,
                  .errors = errors_,
                  .clock = clock_,
                  .logger = make_silent_logger(),
                  .metrics = metrics_,
                  .idle = {}},
        task_(runtime::make_single_task_plan(topology.shared_plan(), "allocations"), services_) {
    task_.start_at(0, Offset{0}, {});
    task_.open_stores();
    task_.start();
  }

  // Runs some batches through the task and commits.
  void process(int batches) {
    for (int batch = 0; batch < batches; ++batch) {
      for (std::size_t i = 0; i < batch_size; ++i) {
        // Longer than what a std::string holds without the heap.
        batch_.emplace_back(
            RawRecord{.key = Bytes{"key-of-twenty-six-letters-"},
                      .value = Bytes{i % 2 == 0 ? "a value that is kept, and counted"
                                                : "a value that is left out, always"},
                      .timestamp = Timestamp{1'000},
                      .offset = next_},
            Headers{}, nullptr, [](void*) noexcept {});
        next_ = next_ + 1;
      }
      task_.add(0, batch_);
      while (task_.process_one()) {
      }
    }
  }

  SummingSink sink;

 private:
  NoStores stores_;
  testing::ManualClock clock_;
  MetricRegistry metrics_;
  runtime::ErrorPolicy errors_{{}, make_silent_logger()};
  runtime::TaskServices services_;
  runtime::StreamTask task_;
  std::vector<kafka::FetchedRecord> batch_;
  Offset next_{0};
};

bool is_kept(const std::string& value) { return value.find("kept") != std::string::npos; }

TEST(StatelessPath, ARecordCostsNoHeapAllocation) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .filter(is_kept)
      .map_values([](const std::string& value) { return static_cast<std::int64_t>(value.size()); })
      .select_key([](const std::string& key, std::int64_t length) {
        return static_cast<std::int64_t>(key.size()) + length;
      })
      .to("out");
  FedTask task{builder.build()};
  task.process(100);  // buffers reach their size
  task.sink.records = task.sink.bytes = 0;

  const std::int64_t before = allocations();
  task.process(100);
  const std::int64_t after = allocations();

  EXPECT_EQ(0, after - before) << "allocations for " << 100 * FedTask::batch_size << " records";
  EXPECT_EQ(100 * FedTask::batch_size / 2, task.sink.records);
  EXPECT_EQ(100 * FedTask::batch_size / 2 * 16, task.sink.bytes);
}

TEST(StatelessPath, StringsKeepTheirMemory) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").filter(is_kept).to("out");
  FedTask task{builder.build()};
  task.process(100);

  const std::int64_t before = allocations();
  task.process(100);
  const std::int64_t after = allocations();

  EXPECT_EQ(0, after - before);
}

TEST(StatelessPath, AnAllocationOfTheUsersIsSeen) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values([](const std::string& value) { return value + "!"; })
      .to("out");
  FedTask task{builder.build()};
  task.process(100);

  const std::int64_t before = allocations();
  task.process(1);
  const std::int64_t after = allocations();

  EXPECT_GE(after - before, static_cast<std::int64_t>(FedTask::batch_size));
}

}  // namespace
}  // namespace moldau
