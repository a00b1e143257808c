#include "moldau/testing/topology_test_driver.h"

#include "moldau/base/big_endian.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/value_layout.h"
#include "moldau/testing/manual_clock.h"

#include "runtime/stream_task.h"
#include "runtime/task_plan.h"
#include "state/suppress_buffer.h"
#include "streams/topology_check.h"
#include "testing/driver_globals.h"
#include "testing/driver_stores.h"
#include "testing/noting_sink.h"
#include "testing/store_dump.h"
#include "testing/test_writer.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace moldau::inline v0::testing {

namespace {

// A piped record as the task holds it.
struct OwnedRecord {
  std::optional<ByteBuffer> key;
  std::optional<ByteBuffer> value;
};

kafka::FetchedRecord fetched(const RawTestRecord& record, Offset offset) {
  auto owned = std::make_unique<OwnedRecord>(OwnedRecord{record.key, record.value});
  const auto view = [](const std::optional<ByteBuffer>& bytes) {
    return bytes ? std::optional<Bytes>{*bytes} : std::nullopt;
  };
  const RawRecord raw{.key = view(owned->key),
                      .value = view(owned->value),
                      .timestamp = record.timestamp.value_or(Timestamp::unknown()),
                      .offset = offset};
  return {raw, record.headers, owned.release(), [](void* owner) noexcept {
            const std::unique_ptr<OwnedRecord> freed{static_cast<OwnedRecord*>(owner)};
          }};
}

std::shared_ptr<const topology::TopologyPlan> resolved(const Topology& topology,
                                                       const std::vector<std::string>& topics) {
  if (!topology.plan().has_pattern_sources()) return topology.shared_plan();
  return topology::resolve_patterns(topology.plan(), topics);
}

Config checked(Config config, const Topology& topology) {
  if (const auto problems = streams::built_without(topology, config); !problems.empty()) {
    throw ConfigError(problems.front());
  }
  if (config.logger == nullptr) config.logger = make_silent_logger();
  return config;
}

}  // namespace

class TopologyTestDriver::Impl {
 public:
  Impl(const Topology& topology, Config config, const TestDriverOptions& options)
      : config_(checked(std::move(config), topology)),
        clock_(options.initial_wall_clock_time),
        plan_(resolved(topology, options.topics)),
        stores_(options.state_dir, config_, clock_, metrics_),
        errors_({.deserialization = config_.deserialization_exception_handler,
                 .processing = config_.processing_exception_handler,
                 .production = config_.production_exception_handler},
                config_.logger, config_.errors_dead_letter_queue_topic_name),
        services_{.application_id = config_.application_id,
                  .thread_name = "test-driver",
                  .sink = sink_,
                  .stores = stores_,
                  .errors = errors_,
                  .clock = clock_,
                  .logger = config_.logger,
                  .metrics = metrics_,
                  .timestamp_policy = config_.default_timestamp_extractor,
                  .semantics = config_.semantics,
                  .final_results_interval =
                      config_.final_results_interval.value_or(std::chrono::milliseconds{0}),
                  .outer_join_emit_interval =
                      config_.outer_join_emit_interval.value_or(std::chrono::milliseconds{0}),
                  // Whatever is there is processed: nothing else will come by itself.
                  .idle = {.max_wait = std::chrono::milliseconds{-1}},
                  .state_dir = options.state_dir.value_or(""),
                  .app_configs = config_.app,
                  .processor_wrapper = config_.processor_wrapper},
        globals_(make_globals(options.state_dir)),
        task_(runtime::make_single_task_plan(plan_, config_.application_id), services_) {
    errors_.dead_letters().write_to(sink_);
    const std::vector<runtime::TaskPlan::Input>& inputs = task_.plan().inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      inputs_.emplace(inputs[i].partition.topic, Input{.index = i, .next = Offset{0}});
      task_.start_at(i, Offset{0}, {});
    }
    task_.open_stores();
    task_.start();
  }

  void pipe(const RawTestRecord& record) {
    writer_.end_iterators();
    if (!feed(record)) {
      throw Error("no source of the topology reads topic " + record.topic);
    }
    run();
  }

  void advance_wall_clock_time(std::chrono::milliseconds by) {
    writer_.end_iterators();
    clock_.advance(by);
    if (task_.punctuate(clock_.wall())) settle();
    run();
  }

  [[nodiscard]] std::vector<RawTestRecord> take_sent() {
    std::vector<RawTestRecord> sent{std::make_move_iterator(sent_.begin()),
                                    std::make_move_iterator(sent_.end())};
    sent_.clear();
    return sent;
  }

  [[nodiscard]] std::size_t waiting(std::string_view topic) const {
    return static_cast<std::size_t>(std::ranges::count(sent_, topic, &RawTestRecord::topic));
  }

  [[nodiscard]] std::optional<RawTestRecord> take(std::string_view topic) {
    const auto found = std::ranges::find(sent_, topic, &RawTestRecord::topic);
    if (found == sent_.end()) return std::nullopt;
    RawTestRecord record = std::move(*found);
    sent_.erase(found);
    return record;
  }

  [[nodiscard]] std::vector<StoreEntry> store(std::string_view name) {
    return dump_store(*find_store(name).store);
  }

  [[nodiscard]] std::optional<ByteBuffer> find(std::string_view name, Bytes key) {
    state::KeyValueBytesStore& rows = rows_of(find_store(name));
    ByteBuffer value;
    if (!rows.get(key, value)) return std::nullopt;
    return ByteBuffer{state::split_stored(rows.spec().layout, value, Timestamp::unknown()).value};
  }

  [[nodiscard]] processor::OpenedStore opened(std::string_view name) {
    const runtime::StreamTask::Store& store = find_store(name);
    return {*store.store, store.plan->plan->serdes.get()};
  }
  [[nodiscard]] const state::WriteContext& writer() const noexcept { return writer_; }

  [[nodiscard]] std::size_t held_back(std::string_view name) {
    runtime::StreamTask::Store& store = find_store(name);
    if (store.plan->plan->spec.kind != state::StoreKind::buffer) {
      throw Error("store \"" + std::string{name} + "\" is not a buffer: it holds nothing back");
    }
    const auto* buffer = dynamic_cast<state::SuppressBuffer*>(store.store.get());
    if (buffer != nullptr) return buffer->records();
    return dump_store(*store.store).size();
  }

  [[nodiscard]] std::vector<std::string> store_names() const {
    std::vector<std::string> names;
    if (globals_ != nullptr) {
      for (const runtime::StreamTask::Store& store : globals_->stores()) {
        names.push_back(store.plan->plan->spec.name);
      }
    }
    for (const runtime::TaskPlan::Store& store : task_.plan().stores) {
      names.push_back(store.plan->spec.name);
    }
    return names;
  }

  [[nodiscard]] double metric(const std::string& name) const { return metrics_.sum(name); }

 private:
  struct Input {
    std::size_t index;
    Offset next;
  };

  std::unique_ptr<DriverGlobals> make_globals(const std::optional<std::filesystem::path>& folder) {
    if (!plan_->has_global_stores()) return nullptr;
    auto globals = std::make_unique<DriverGlobals>(plan_, config_, services_, folder);
    services_.globals = globals.get();
    return globals;
  }

  bool feed(const RawTestRecord& record) {
    if (globals_ != nullptr && globals_->apply(record, &fetched)) return true;
    const auto input = inputs_.find(record.topic);
    if (input == inputs_.end()) return false;
    std::vector<kafka::FetchedRecord> records;
    records.push_back(fetched(record, input->second.next));
    input->second.next = input->second.next + 1;
    task_.add(input->second.index, records);
    return true;
  }

  // Processes until nothing is left: a record sent to a topic that the topology reads follows after
  // the record that sent it has been committed.
  void run() {
    for (;;) {
      if (task_.process_one()) {
        settle();
      } else if (!settle()) {
        // A record that was dropped before it could be processed has moved the offset, and may have
        // left a dead letter.
        return;
      }
    }
  }

  // Commits, and hands what was sent to those who read it. True if that is the topology itself.
  bool settle() {
    commit();
    bool fed = false;
    for (RawTestRecord& record : sink_.take()) {
      fed = feed(record) || fed;
      sent_.push_back(std::move(record));
    }
    return fed;
  }

  void commit() {
    task_.flush_caches();
    static_cast<void>(task_.begin_commit());
    task_.commit_stores(sink_);
    task_.end_commit();
  }

  runtime::StreamTask::Store& find_store(std::string_view name) {
    for (runtime::StreamTask::Store& store : task_.stores()) {
      if (store.plan->plan->spec.name == name) return store;
    }
    if (globals_ != nullptr) {
      for (runtime::StreamTask::Store& store : globals_->stores()) {
        if (store.plan->plan->spec.name == name) return store;
      }
    }
    throw Error("the topology has no store \"" + std::string{name} + "\"");
  }

  static state::KeyValueBytesStore& rows_of(runtime::StreamTask::Store& store) {
    auto* rows = dynamic_cast<state::KeyValueBytesStore*>(store.store.get());
    if (rows == nullptr) {
      throw Error("store \"" + store.plan->plan->spec.name + "\" is a buffer, it has no rows");
    }
    return *rows;
  }

  Config config_;
  MetricRegistry metrics_;
  ManualClock clock_;
  TestWriter writer_{clock_};
  std::shared_ptr<const topology::TopologyPlan> plan_;  // shared with the tasks
  NotingSink sink_;
  DriverStores stores_;
  runtime::ErrorPolicy errors_;
  runtime::TaskServices services_;
  std::unique_ptr<DriverGlobals> globals_;  // nullptr: the topology has none
  runtime::StreamTask task_;
  std::map<std::string, Input, std::less<>> inputs_;
  std::deque<RawTestRecord> sent_;  // what output topics have not read yet
};

TopologyTestDriver::TopologyTestDriver(const Topology& topology, Config config,
                                       TestDriverOptions options)
    : impl_(std::make_unique<Impl>(topology, std::move(config), options)) {}

TopologyTestDriver::~TopologyTestDriver() = default;

void TopologyTestDriver::pipe(const RawTestRecord& record) { impl_->pipe(record); }

void TopologyTestDriver::advance_wall_clock_time(std::chrono::milliseconds by) {
  impl_->advance_wall_clock_time(by);
}

std::vector<RawTestRecord> TopologyTestDriver::take_sent() { return impl_->take_sent(); }

std::vector<StoreEntry> TopologyTestDriver::store(std::string_view name) {
  return impl_->store(name);
}

std::vector<std::string> TopologyTestDriver::store_names() const { return impl_->store_names(); }

std::size_t TopologyTestDriver::held_back(std::string_view store_name) {
  return impl_->held_back(store_name);
}

double TopologyTestDriver::metric(const std::string& name) const { return impl_->metric(name); }

std::size_t TopologyTestDriver::waiting(std::string_view topic) const {
  return impl_->waiting(topic);
}

std::optional<RawTestRecord> TopologyTestDriver::take(std::string_view topic) {
  return impl_->take(topic);
}

std::optional<ByteBuffer> TopologyTestDriver::find(std::string_view store_name, Bytes key) {
  return impl_->find(store_name, key);
}

processor::OpenedStore TopologyTestDriver::opened(std::string_view store_name) {
  return impl_->opened(store_name);
}

const state::WriteContext& TopologyTestDriver::writer() const { return impl_->writer(); }

}  // namespace moldau::inline v0::testing
