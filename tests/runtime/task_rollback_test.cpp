#include "moldau/base/clock.h"
#include "moldau/moldau.h"
#include "moldau/testing/manual_clock.h"

#include "runtime/memory_stores.h"
#include "runtime/stream_task.h"
#include "testing/noting_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace moldau::runtime {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Text = std::string;

// A task that runs a program over partition 0 of its topics.
class RunningTask {
 public:
  explicit RunningTask(const Topology& topology)
      : task_(make_single_task_plan(topology.shared_plan(), "app"), services_) {
    for (std::size_t input = 0; input < task_.inputs(); ++input) {
      task_.start_at(input, Offset{0}, {});
    }
    task_.open_stores();
    task_.start();
  }

  // The values that come out of topic "out". A record has the key k.
  std::vector<Text> process(std::string_view topic, Text value, std::chrono::milliseconds time) {
    const std::vector<TaskPlan::Input>& inputs = task_.plan().inputs;
    std::size_t input = 0;
    while (inputs[input].partition.topic != topic) ++input;
    auto owned = std::make_unique<Text>(std::move(value));
    const RawRecord raw{.key = Bytes{std::string_view{"k"}},
                        .value = Bytes{std::string_view{*owned}},
                        .timestamp = Timestamp{time},
                        .offset = Offset{next_offset_++}};
    std::vector<kafka::FetchedRecord> records;
    records.emplace_back(raw, Headers{}, owned.release(), [](void* text) noexcept {
      const std::unique_ptr<Text> freed{static_cast<Text*>(text)};
    });
    task_.add(input, records);
    while (task_.process_one()) {
    }
    std::vector<Text> values;
    for (const testing::RawTestRecord& sent : sink_.take()) {
      if (sent.topic == "out") values.emplace_back(sent.value->bytes().text());
    }
    return values;
  }

  void commit() {
    static_cast<void>(task_.begin_commit());
    task_.commit_stores(sink_);
    task_.end_commit();
  }
  void rollback() { task_.rollback(); }

 private:
  std::shared_ptr<Logger> logger_ = make_silent_logger();
  testing::NotingSink sink_;
  MetricRegistry metrics_;
  MemoryStores stores_{*logger_, metrics_};
  ErrorPolicy errors_{{}, logger_};
  testing::ManualClock clock_{Timestamp{1'000'000}};
  TaskServices services_{.application_id = "app",
                         .thread_name = "test",
                         .sink = sink_,
                         .stores = stores_,
                         .errors = errors_,
                         .clock = clock_,
                         .logger = logger_,
                         .metrics = metrics_,
                         .final_results_interval = 0ms,
                         .outer_join_emit_interval = 0ms,
                         .idle = {.max_wait = -1ms}};
  StreamTask task_;
  std::int64_t next_offset_ = 0;
};

Topology left_join() {
  StreamsBuilder builder;
  const auto left = builder.stream<Text, Text>("l");
  left.left_join(
          builder.stream<Text, Text>("r"),
          [](const Text& l, const Text* r) { return l + (r == nullptr ? "" : *r); },
          JoinWindows::within(10ms))
      .to("out");
  return builder.build();
}

template <class Windows>
Topology counts(const Windows& windows, EmitStrategy emit) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(windows)
      .emit_strategy(emit)
      .count()
      .to_stream()
      .map_values([](std::int64_t count) { return std::to_string(count); })
      .to("out");
  return builder.build();
}

TEST(RollbackOfATask, TakesTheTimeOfItsJoinsBackToo) {
  RunningTask task{left_join()};
  EXPECT_THAT(task.process("l", "late", 0ms), IsEmpty());
  EXPECT_THAT(task.process("l", "on", 100ms), ElementsAre("late"));

  task.rollback();

  // Again as for the first time: not as something that comes a hundred milliseconds late.
  EXPECT_THAT(task.process("l", "late", 0ms), IsEmpty());
  EXPECT_THAT(task.process("r", "match", 5ms), ElementsAre("latematch"));
}

TEST(RollbackOfATask, BringsBackWhatHadLeftTheStoreOfUnmatchedRecords) {
  RunningTask task{left_join()};
  task.process("l", "first", 0ms);
  task.commit();
  EXPECT_THAT(task.process("l", "second", 100ms), ElementsAre("first"));

  task.rollback();

  EXPECT_THAT(task.process("l", "second", 100ms), ElementsAre("first"));
}

TEST(RollbackOfATask, TakesTheTimeOfItsWindowsBackToo) {
  RunningTask task{counts(TimeWindows{.size = 10ms}, EmitStrategy::on_window_update)};
  EXPECT_THAT(task.process("in", "a", 0ms), ElementsAre("1"));
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));

  task.rollback();

  EXPECT_THAT(task.process("in", "a", 0ms), ElementsAre("1"));
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));
}

TEST(RollbackOfATask, TakesTheTimeOfItsSessionsBackToo) {
  RunningTask task{counts(SessionWindows{.inactivity_gap = 10ms}, EmitStrategy::on_window_update)};
  EXPECT_THAT(task.process("in", "a", 0ms), ElementsAre("1"));
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));

  task.rollback();

  EXPECT_THAT(task.process("in", "a", 0ms), ElementsAre("1"));
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));
}

TEST(RollbackOfATask, EmitsTheWindowsAgainThatHadClosedSinceTheCommit) {
  RunningTask task{counts(TimeWindows{.size = 10ms}, EmitStrategy::on_window_close)};
  task.process("in", "a", 0ms);
  task.commit();
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));

  task.rollback();

  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));
}

TEST(RollbackOfATask, EmitsTheSessionsAgainThatHadClosedSinceTheCommit) {
  RunningTask task{counts(SessionWindows{.inactivity_gap = 10ms}, EmitStrategy::on_window_close)};
  task.process("in", "a", 0ms);
  task.commit();
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));

  task.rollback();

  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));
}

TEST(RollbackOfATask, DoesNotEmitAgainWhatWasCommitted) {
  RunningTask task{counts(TimeWindows{.size = 10ms}, EmitStrategy::on_window_close)};
  task.process("in", "a", 0ms);
  EXPECT_THAT(task.process("in", "b", 100ms), ElementsAre("1"));
  task.commit();

  task.rollback();

  EXPECT_THAT(task.process("in", "late", 0ms), IsEmpty());
  EXPECT_THAT(task.process("in", "c", 105ms), IsEmpty());
}

}  // namespace
}  // namespace moldau::runtime
