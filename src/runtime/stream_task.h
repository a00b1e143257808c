#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/processor/node.h"
#include "moldau/processor/processor_wrapper.h"
#include "moldau/processor/task_context.h"
#include "moldau/state/state_store.h"

#include "runtime/drop_report.h"
#include "runtime/error_policy.h"
#include "runtime/global_stores.h"
#include "runtime/offset_metadata.h"
#include "runtime/punctuation_schedule.h"
#include "runtime/record_queues.h"
#include "runtime/task_plan.h"
#include "runtime/task_stores.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0::runtime {

// What the tasks of one stream thread share. Outlives them.
struct TaskServices {
  std::string application_id;
  std::string thread_name;
  RecordSink& sink;
  StoreOpener& stores;
  ErrorPolicy& errors;
  Clock& clock;
  std::shared_ptr<Logger> logger;  // the application's; shared by all its threads
  MetricRegistry& metrics;
  TimestampPolicy timestamp_policy = TimestampPolicy::fail_on_invalid;
  Semantics semantics = Semantics::complete;
  std::chrono::milliseconds final_results_interval{0};
  std::chrono::milliseconds outer_join_emit_interval{1000};
  IdlePolicy idle;
  std::filesystem::path state_dir = {};  // of the application; the tasks' folders are in it
  std::map<std::string, std::string, std::less<>> app_configs = {};  // `app.`, without that
  GlobalStores* globals = nullptr;  // nullptr: the application has none
  ProcessorWrapper processor_wrapper = nullptr;
};

// Runs one TaskPlan: nodes, stores, input queues. Knows nothing of consumers, producers or groups:
// it is handed records, and asked what to commit.
//
// Owned by its stream thread, except while the restorer has it; used on one thread at a time.
class MOLDAU_TESTING_EXPORT StreamTask final : private processor::TaskContext,
                                               private state::DroppedRows,
                                               private HeadFailures {
 public:
  using Store = TaskStores::Store;

  // Builds and connects the nodes; throws TopologyError if they do not fit. Stores are opened
  // later.
  StreamTask(TaskPlan plan, const TaskServices& services);
  ~StreamTask() override;
  StreamTask(const StreamTask&) = delete;
  StreamTask& operator=(const StreamTask&) = delete;

  [[nodiscard]] TaskId id() const noexcept { return plan_.id; }
  [[nodiscard]] const TaskPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const std::string& thread() const noexcept { return services_.thread_name; }

  // As those of TaskStores. REQUIRES for close_files(): the task has not been started.
  void open_stores(TaskClaim claim = {}) { stores_.open(std::move(claim)); }
  void close_files();
  void rebuild_store(Store& store) { stores_.rebuild(store); }
  [[nodiscard]] std::vector<Store>& stores() noexcept { return stores_.all(); }

  // Initialises the nodes, unless they are. REQUIRES: stores open and restored.
  void start();
  [[nodiscard]] bool started() const noexcept { return started_nodes_ > 0; }
  // Closes this one, and gives another in its place that has not been started: its stores are open,
  // and it begins where this one would have gone back to.
  [[nodiscard]] std::unique_ptr<StreamTask> remade();

  // Where an input starts, as committed. Also what rollback() goes back to.
  void start_at(std::size_t input, std::optional<Offset> offset, const OffsetMetadata& metadata);

  [[nodiscard]] std::size_t inputs() const noexcept { return queues_.inputs(); }
  // nullopt if the task does not read it.
  [[nodiscard]] std::optional<std::size_t> input_of(const TopicPartition& partition) const;
  // Takes fetched records; see RecordQueues::add().
  void add(std::size_t input, std::vector<kafka::FetchedRecord>& records);
  void reached(std::size_t input, Offset position);
  void known_end(std::size_t input, Offset end) { queues_.known_end(input, end); }
  [[nodiscard]] std::size_t buffered(std::size_t input) const { return queues_.buffered(input); }

  // True if process_one() would process a record now.
  [[nodiscard]] bool ready(Clock::Steady now) { return queues_.ready(now); }
  [[nodiscard]] std::optional<Clock::Steady> ready_at() const { return queues_.ready_at(); }
  // Runs one record through the graph; false if nothing is buffered. Throws TaskFailed, TaskSignal
  // or StateStoreError: the task must then be rolled back or closed.
  // Stream-time punctuations that are due then run too, as part of it.
  bool process_one();

  // Runs wall-clock punctuations that are due; false if none was. Throws as process_one().
  bool punctuate(Timestamp wall_now);
  // When the next one is due; nullopt if none is scheduled.
  [[nodiscard]] std::optional<Timestamp> next_punctuation() const {
    return punctuations_.next_due(PunctuationType::wall_clock_time);
  }

  // Writes down the caches of all stores; may forward and send.
  void flush_caches();
  [[nodiscard]] bool commit_needed() const noexcept { return commit_needed_; }
  // A processor asked for one, and there is something to commit.
  [[nodiscard]] bool commit_requested() const noexcept {
    return commit_requested_ && commit_needed_;
  }
  // Offsets that moved since the last commit, with their metadata. What is processed from here on
  // belongs to the next commit.
  [[nodiscard]] std::vector<kafka::CommittedOffset> begin_commit();
  // Those of the last commit, with the metadata of now.
  [[nodiscard]] std::vector<kafka::CommittedOffset> known_offsets() const;
  // At that wall time nobody else had written to its changelogs beyond what its stores hold. They
  // take it down with the next commit; see ChangelogPosition::as_of.
  void owned_at(Timestamp time) { owned_at_ = time; }
  [[nodiscard]] std::size_t uncommitted_bytes() const { return stores_.uncommitted_bytes(); }
  // Moves every store's overlay down, each in one batch with its changelog position.
  void commit_stores(const AckedOffsets& acked);
  // The offsets of begin_commit() are committed.
  void end_commit();
  // Stores and inputs go back to the last commit; buffered records are forgotten. start_offset()
  // says from where to fetch again.
  void rollback();
  // Where to fetch an input from after start_at() or rollback(); nullopt: where the reset policy
  // says.
  [[nodiscard]] std::optional<Offset> start_offset(std::size_t input) const;

  // Closes nodes and stores. What is not committed is gone. Does not throw.
  void close() noexcept;

  [[nodiscard]] Timestamp stream_time() const override { return queues_.stream_time(); }

 private:
  struct CommittedInput {
    std::optional<Offset> next;
    Timestamp partition_time = Timestamp::unknown();
  };

  // TaskContext
  [[nodiscard]] TaskId task() const override { return plan_.id; }
  [[nodiscard]] std::string_view application_id() const override;
  [[nodiscard]] const RecordMetadata& metadata() const override { return current_.metadata; }
  [[nodiscard]] state::StateStore& store(std::string_view name) override;
  [[nodiscard]] state::StateStore& store_of(const processor::Node& node,
                                            std::string_view name) override;
  [[nodiscard]] const state::StoreSerdes* store_serdes(std::string_view name) const override;
  [[nodiscard]] processor::Node& node(std::string_view name) override;
  [[nodiscard]] std::optional<std::int64_t> committed_number(std::string_view key) const override;
  void commit_number(std::string_view key, std::int64_t value) override;
  [[nodiscard]] RecordSink& sink() override { return services_.sink; }
  [[nodiscard]] std::string full_topic_name(std::string_view topic) const override;
  void drop(const processor::Node& node, std::string_view reason) override;
  void failed(const processor::Node& node, Timestamp timestamp, const Headers& headers) override;
  void serialization_failed(const processor::Node& node, std::string_view topic,
                            Timestamp timestamp, const Headers& headers) override;
  void flushing(const RecordMetadata& metadata) override { current_.metadata = metadata; }
  processor::PunctuationId schedule(const processor::Node& node, PunctuationType type,
                                    std::optional<Timestamp> start,
                                    std::chrono::milliseconds interval,
                                    Punctuator punctuator) override;
  void cancel_punctuation(processor::PunctuationId punctuation) override;
  void request_commit() override { commit_requested_ = true; }
  [[nodiscard]] Semantics semantics() const override { return services_.semantics; }
  [[nodiscard]] std::chrono::milliseconds final_results_interval() const override {
    return services_.final_results_interval;
  }
  [[nodiscard]] std::chrono::milliseconds outer_join_emit_interval() const override {
    return services_.outer_join_emit_interval;
  }
  [[nodiscard]] TimestampPolicy default_timestamp_policy() const override;
  [[nodiscard]] Clock& clock() const override { return services_.clock; }
  [[nodiscard]] Logger& logger() const override { return *services_.logger; }
  [[nodiscard]] MetricRegistry& metrics() const override { return services_.metrics; }
  [[nodiscard]] std::string_view thread_name() const override { return services_.thread_name; }
  [[nodiscard]] std::string state_dir() const override;
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& app_configs()
      const override {
    return services_.app_configs;
  }

  // state::DroppedRows
  void dropped(std::string_view store, std::string_view reason) override;

  // HeadFailures
  void undecodable(std::size_t input, const RawRecord& record) override;
  void without_time(std::size_t input, const RawRecord& record, Timestamp timestamp) override;
  [[noreturn]] void extractor_failed(std::size_t input, const RawRecord& record) override;

  bool run_punctuations(PunctuationType type, Timestamp now);
  void started_at(std::size_t input, Offset offset);
  [[nodiscard]] kafka::CommittedOffset offset_of(std::size_t input, const CommittedInput& at) const;
  void connect_nodes();
  std::vector<RecordQueues::Input> make_inputs();
  [[nodiscard]] RecordMetadata metadata_of(std::size_t input, Offset offset) const;
  [[nodiscard]] ErrorContext error_context(std::string_view node, Timestamp timestamp,
                                           const Headers& headers) const;

  const TaskServices& services_;
  TaskPlan plan_;
  std::vector<std::unique_ptr<processor::Node>> nodes_;  // parallel to plan_.nodes
  TaskStores stores_;
  RecordQueues queues_;
  // Both parallel to plan_.inputs.
  std::vector<CommittedInput> committed_;
  std::vector<CommittedInput> committing_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::map<std::string, std::int64_t, std::less<>> committed_numbers_;
  std::map<std::string, std::int64_t, std::less<>> committing_numbers_;
  Timestamp owned_at_{0};
  DropReport drops_;
  PunctuationSchedule punctuations_;
  struct Current {
    RecordMetadata metadata;
    RawRecord raw;
  } current_;
  bool commit_needed_ = false;
  bool commit_requested_ = false;
  std::size_t started_nodes_ = 0;
};

}  // namespace moldau::inline v0::runtime
