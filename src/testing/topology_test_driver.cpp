#include "moldau/testing/topology_test_driver.h"

#include "moldau/base/big_endian.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/testing/manual_clock.h"

#include "runtime/stream_task.h"
#include "runtime/task_plan.h"
#include "testing/driver_stores.h"
#include "testing/noting_sink.h"

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

Config with_logger(Config config) {
  if (config.logger == nullptr) config.logger = make_silent_logger();
  return config;
}

}  // namespace

class TopologyTestDriver::Impl {
 public:
  Impl(const Topology& topology, Config config, const TestDriverOptions& options)
      : config_(with_logger(std::move(config))),
        clock_(options.initial_wall_clock_time),
        stores_(options.state_dir, config_.statestore_cache_max_bytes, config_.logger, metrics_),
        errors_({.deserialization = config_.deserialization_exception_handler,
                 .processing = config_.processing_exception_handler,
                 .production = config_.production_exception_handler},
                config_.logger),
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
                  // Whatever is there is processed: nothing else will come by itself.
                  .idle = {.max_wait = std::chrono::milliseconds{-1}}},
        task_(runtime::make_single_task_plan(topology.shared_plan(), config_.application_id),
              services_) {
    const std::vector<runtime::TaskPlan::Input>& inputs = task_.plan().inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      inputs_.emplace(inputs[i].partition.topic, Input{.index = i, .next = Offset{0}});
      task_.start_at(i, Offset{0}, {});
    }
    task_.open_stores();
    task_.start();
  }

  void pipe(const RawTestRecord& record) {
    if (!feed(record)) {
      throw Error("no source of the topology reads topic " + record.topic);
    }
    run();
  }

  void advance_wall_clock_time(std::chrono::milliseconds by) { clock_.advance(by); }

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
    runtime::StreamTask::Store& store = find_store(name);
    std::vector<StoreEntry> entries;
    const auto layout = store.plan->plan->spec.layout;
    for (auto it = rows_of(store).range(state::ByteRange::all(), state::Direction::forward);
         it->valid(); it->next()) {
      entries.push_back(split(it->key(), it->value(), layout));
    }
    return entries;
  }

  [[nodiscard]] std::optional<ByteBuffer> find(std::string_view name, Bytes key) {
    runtime::StreamTask::Store& store = find_store(name);
    ByteBuffer value;
    if (!rows_of(store).get(key, value)) return std::nullopt;
    return split(key, value, store.plan->plan->spec.layout).value;
  }

  [[nodiscard]] std::vector<std::string> store_names() const {
    std::vector<std::string> names;
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

  bool feed(const RawTestRecord& record) {
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
    while (task_.process_one()) {
      commit();
      for (RawTestRecord& record : sink_.take()) {
        feed(record);
        sent_.push_back(std::move(record));
      }
    }
    // A record that was dropped before it could be processed still moves the offset.
    commit();
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
    throw Error("the topology has no store \"" + std::string{name} + "\"");
  }

  static state::KeyValueBytesStore& rows_of(runtime::StreamTask::Store& store) {
    auto* rows = dynamic_cast<state::KeyValueBytesStore*>(store.store.get());
    if (rows == nullptr) {
      throw Error("store \"" + store.plan->plan->spec.name + "\" is a buffer, it has no rows");
    }
    return *rows;
  }

  static StoreEntry split(Bytes key, Bytes value, state::ValueLayout layout) {
    if (layout == state::ValueLayout::plain) return {ByteBuffer{key}, ByteBuffer{value}, {}};
    return {ByteBuffer{key}, ByteBuffer{value.without_first(sizeof(std::int64_t))},
            Timestamp{load_big_endian<std::int64_t>(value.data())}};
  }

  Config config_;
  MetricRegistry metrics_;
  ManualClock clock_;
  NotingSink sink_;
  DriverStores stores_;
  runtime::ErrorPolicy errors_;
  runtime::TaskServices services_;
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

}  // namespace moldau::inline v0::testing
