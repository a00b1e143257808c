#include "moldau/testing/mock_task.h"

#include "moldau/base/error.h"
#include "moldau/processor/node.h"
#include "moldau/processor/task_context.h"
#include "moldau/state/storage.h"
#include "moldau/testing/manual_clock.h"

#include "runtime/drop_report.h"
#include "runtime/punctuation_schedule.h"
#include "state/open_store.h"
#include "testing/noting_sink.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace moldau::inline v0::testing {

namespace {

constexpr TaskId only_task{SubtopologyId{0}, PartitionId{0}};

// Stands for the node of the processor under test. Nothing is connected to it.
class MockNode final : public processor::Node {
 public:
  processor::InputPort input() override {
    throw TopologyError("the node of a processor under test has no input");
  }
  void connect(processor::Node& /*child*/) override {
    throw TopologyError("the node of a processor under test has no children");
  }
};

class MockNodeFactory final : public processor::NodeFactory {
 private:
  [[nodiscard]] std::unique_ptr<processor::Node> make_node() const override {
    return std::make_unique<MockNode>();
  }
};

}  // namespace

class MockTask::Impl final : public processor::TaskContext, public state::DroppedRows {
 public:
  explicit Impl(MockTaskOptions options)
      : options_(std::move(options)),
        clock_(options_.initial_wall_clock_time),
        node_(MockNodeFactory{}.make(options_.name)),
        drops_(only_task, thread_name(), metrics_, logger_, clock_) {}

  [[nodiscard]] const processor::Node& node() const noexcept { return *node_; }

  void add_store(const UsedStore& used) {
    if (!used.spec()) {
      throw TopologyError("store \"" + used.name() +
                          "\" is added by its name alone: describe it, for example by "
                          "in_memory_key_value_store<K, V>(\"" +
                          used.name() + "\")");
    }
    if (find(used.name()) != nullptr) {
      throw TopologyError("two stores are called \"" + used.name() + "\"");
    }
    // A cache would hold back what nobody commits here.
    stores_.push_back({used, state::open_state_store(*used.spec(), {.storage = *storage_,
                                                                    .folder = {},
                                                                    .in_memory = true,
                                                                    .changelog = std::nullopt,
                                                                    .drops = this,
                                                                    .logger = *logger_,
                                                                    .clock = clock_,
                                                                    .metrics = metrics_})});
  }

  void start_record(const RecordMetadata& metadata, Timestamp timestamp) {
    metadata_ = metadata;
    stream_time_ = std::max(stream_time_, timestamp);
  }
  void end_record() { run_due(PunctuationType::stream_time, stream_time_); }
  void advance_wall_clock_time(std::chrono::milliseconds by) {
    clock_.advance(by);
    run_due(PunctuationType::wall_clock_time, clock_.wall());
  }
  [[nodiscard]] bool commit_requested() const noexcept { return commit_requested_; }
  void reset_commit_request() noexcept { commit_requested_ = false; }
  [[nodiscard]] double metric(const std::string& name) const { return metrics_.sum(name); }

  // ---- processor::TaskContext ----

  [[nodiscard]] TaskId task() const override { return only_task; }
  [[nodiscard]] std::string_view application_id() const override { return options_.application_id; }
  [[nodiscard]] const RecordMetadata& metadata() const override { return metadata_; }
  [[nodiscard]] Timestamp stream_time() const override { return stream_time_; }

  [[nodiscard]] state::StateStore& store(std::string_view name) override {
    Store* found = find(name);
    if (found == nullptr) {
      throw TopologyError("\"" + node_->name() + "\" opens the store \"" + std::string{name} +
                          "\", which the test has not added: call add_store() before init()");
    }
    return *found->store;
  }
  [[nodiscard]] state::StateStore& store_of(const processor::Node& /*node*/,
                                            std::string_view name) override {
    return store(name);
  }
  [[nodiscard]] const state::StoreSerdes* store_serdes(std::string_view name) const override {
    const auto found = std::ranges::find(stores_, name, &Store::name);
    return found == stores_.end() ? nullptr : found->used.serdes().get();
  }
  [[nodiscard]] processor::Node& node(std::string_view name) override {
    throw TopologyError("a processor under test has no node \"" + std::string{name} +
                        "\" beside it");
  }

  [[nodiscard]] std::optional<std::int64_t> committed_number(
      std::string_view /*key*/) const override {
    return std::nullopt;
  }
  void commit_number(std::string_view /*key*/, std::int64_t /*value*/) override {}
  [[nodiscard]] RecordSink& sink() override { return sink_; }
  [[nodiscard]] std::string full_topic_name(std::string_view topic) const override {
    return std::string{topic};
  }
  void drop(const processor::Node& node, std::string_view reason) override {
    drops_.drop(node.name(), metadata_, reason);
  }

  processor::PunctuationId schedule(const processor::Node& node, PunctuationType type,
                                    std::optional<Timestamp> start,
                                    std::chrono::milliseconds interval,
                                    Punctuator punctuator) override {
    const Timestamp now = type == PunctuationType::stream_time ? stream_time_ : clock_.wall();
    return punctuations_.add(type, now, start, interval, {&node, std::move(punctuator)});
  }
  void cancel_punctuation(processor::PunctuationId punctuation) override {
    punctuations_.cancel(punctuation);
  }
  void request_commit() override { commit_requested_ = true; }
  void flushing(const RecordMetadata& metadata) override { metadata_ = metadata; }

  // Called inside a catch block: what the processor throws is for the test.
  void failed(const processor::Node& /*node*/, Timestamp /*timestamp*/,
              const Headers& /*headers*/) override {
    throw;
  }
  void serialization_failed(const processor::Node& /*node*/, std::string_view /*topic*/,
                            Timestamp /*timestamp*/, const Headers& /*headers*/) override {
    throw;
  }

  [[nodiscard]] Semantics semantics() const override { return Semantics::complete; }
  [[nodiscard]] std::chrono::milliseconds final_results_interval() const override {
    return std::chrono::milliseconds{0};
  }
  [[nodiscard]] std::chrono::milliseconds outer_join_emit_interval() const override {
    return std::chrono::milliseconds{0};
  }
  [[nodiscard]] TimestampPolicy default_timestamp_policy() const override {
    return TimestampPolicy::fail_on_invalid;
  }
  [[nodiscard]] Clock& clock() const override { return clock_; }
  [[nodiscard]] Logger& logger() const override { return *logger_; }
  [[nodiscard]] MetricRegistry& metrics() const override { return metrics_; }
  [[nodiscard]] std::string_view thread_name() const override { return "mock"; }
  [[nodiscard]] std::string state_dir() const override { return options_.state_dir; }
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& app_configs()
      const override {
    return options_.app;
  }

  // ---- state::DroppedRows ----

  void dropped(std::string_view store, std::string_view reason) override {
    drops_.drop(std::string{store}, metadata_, reason);
  }

 private:
  struct Store {
    UsedStore used;
    std::unique_ptr<state::StateStore> store;

    [[nodiscard]] const std::string& name() const noexcept { return used.name(); }
  };

  [[nodiscard]] Store* find(std::string_view name) {
    const auto found = std::ranges::find(stores_, name, &Store::name);
    return found == stores_.end() ? nullptr : &*found;
  }
  void run_due(PunctuationType type, Timestamp now) {
    metadata_ = {};  // a punctuation comes from no record
    punctuations_.run_due(
        type, now,
        [now](const processor::Node& /*node*/, const Punctuator& punctuator) { punctuator(now); });
  }

  MockTaskOptions options_;
  mutable MetricRegistry metrics_;
  mutable ManualClock clock_;
  std::shared_ptr<Logger> logger_ = make_silent_logger();
  std::unique_ptr<processor::Node> node_;
  runtime::DropReport drops_;
  runtime::PunctuationSchedule punctuations_;
  NotingSink sink_;
  std::shared_ptr<state::Storage> storage_ = state::make_rocksdb_storage();
  std::vector<Store> stores_;
  RecordMetadata metadata_;
  Timestamp stream_time_ = Timestamp::unknown();
  bool commit_requested_ = false;
};

MockTask::MockTask(MockTaskOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
MockTask::~MockTask() = default;

const processor::Node& MockTask::node() const noexcept {
  const Impl& impl = *impl_;
  return impl.node();
}
processor::TaskContext& MockTask::context() noexcept { return *impl_; }
void MockTask::add_store(const UsedStore& store) { impl_->add_store(store); }
void MockTask::start_record(const RecordMetadata& metadata, Timestamp timestamp) {
  impl_->start_record(metadata, timestamp);
}
void MockTask::end_record() { impl_->end_record(); }
void MockTask::advance_wall_clock_time(std::chrono::milliseconds by) {
  impl_->advance_wall_clock_time(by);
}
bool MockTask::commit_requested() const noexcept { return impl_->commit_requested(); }
void MockTask::reset_commit_request() noexcept { impl_->reset_commit_request(); }
double MockTask::metric(const std::string& name) const { return impl_->metric(name); }

}  // namespace moldau::inline v0::testing
