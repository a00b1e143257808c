#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/storage.h"
#include "moldau/topology/plan.h"

#include "runtime/global_stores.h"
#include "runtime/stream_task.h"
#include "runtime/task_plan.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace moldau::inline v0::runtime {

// Opens global stores, in a way that lets other threads read them.
class MOLDAU_TESTING_EXPORT GlobalStoreOpener final : public StoreOpener {
 public:
  // No folder: in memory, whatever the stores ask for.
  GlobalStoreOpener(state::Storage& storage, std::optional<std::filesystem::path> folder,
                    std::shared_ptr<Logger> logger, const Clock& clock, MetricRegistry& metrics,
                    DslStoreFormat format = DslStoreFormat::without_headers);
  ~GlobalStoreOpener() override;

  [[nodiscard]] std::unique_ptr<state::StateStore> open(TaskId task, const TaskPlan::Store& store,
                                                        RecordSink& sink,
                                                        std::optional<TopicHandle> changelog,
                                                        state::DroppedRows& drops) override;
  void destroy(TaskId task, const TaskPlan::Store& store) override;

 private:
  state::Storage& storage_;
  std::optional<std::filesystem::path> folder_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  const Clock& clock_;
  MetricRegistry& metrics_;
  DslStoreFormat format_;
};

// Global stores have no changelog and processors behind them no sinks: nothing is ever sent.
class MOLDAU_TESTING_EXPORT NoSink final : public RecordSink {
 public:
  ~NoSink() override;
  TopicHandle topic(std::string_view name) override;
  std::int32_t partitions(TopicHandle topic) override;
  void send(const OutgoingRecord& record) override;
};

// Fills the global stores of an application: their sources and processors, over all partitions of
// their topics. It is handed records, and says how far each store has come; knows nothing of
// consumers. Used on one thread; what find() gives is for all.
class MOLDAU_TESTING_EXPORT GlobalTask final : public GlobalStores {
 public:
  // `counts`: partitions of each global topic. `services.stores` is a GlobalStoreOpener, its sink a
  // NoSink. Throws TopologyError if the nodes do not fit, or a topic is not in `counts`.
  GlobalTask(std::shared_ptr<const topology::TopologyPlan> topology, TaskServices services,
             const PartitionCounts& counts);
  ~GlobalTask();

  // Opens the stores; a damaged one is opened empty. Throws StateStoreError.
  void open_stores();
  // Deletes a store's files and opens it empty.
  void rebuild(std::size_t store);

  [[nodiscard]] const std::vector<TaskPlan::Input>& inputs() const { return task_.plan().inputs; }
  // The store that an input fills.
  [[nodiscard]] std::size_t store_of(std::size_t input) const { return stores_of_[input]; }
  [[nodiscard]] std::string_view store_name(std::size_t store);
  // Up to where the store has followed the input; nullopt: from the start.
  [[nodiscard]] std::optional<Offset> position(std::size_t input);

  // Initialises the processors. REQUIRES: open_stores().
  void start();

  // Brings a store up to what its topic holds: copies the records of a global table, runs those of
  // another store through its processor. `next` is where the input stands then.
  void restore(std::size_t input, std::vector<kafka::FetchedRecord>& records, Offset next);
  // Runs new records through their processor.
  void apply(std::size_t input, std::vector<kafka::FetchedRecord>& records);
  // Nothing but control records lies before that position.
  void reached(std::size_t input, Offset position);
  // Runs wall-clock punctuations that are due.
  void punctuate(Timestamp wall_now) { task_.punctuate(wall_now); }

  [[nodiscard]] bool commit_needed() const noexcept { return task_.commit_needed(); }
  [[nodiscard]] std::size_t uncommitted_bytes() const { return task_.uncommitted_bytes(); }
  // Makes what was applied durable, each store together with how far it has come.
  void commit();

  [[nodiscard]] state::StateStore* find(std::string_view name) override;
  // The stores themselves, for the one who looks at them from outside.
  [[nodiscard]] std::vector<StreamTask::Store>& stores() noexcept { return task_.stores(); }

 private:
  [[nodiscard]] state::ChangelogPosition position_of_store(std::size_t store) const;
  void copy(std::size_t input, const std::vector<kafka::FetchedRecord>& records);

  TaskServices services_;
  StreamTask task_;
  std::vector<std::size_t> stores_of_;                             // by input
  std::vector<std::optional<Offset>> next_;                        // by input
  std::vector<std::unique_ptr<state::KeyValueBytesStore>> views_;  // by store, read-only
};

}  // namespace moldau::inline v0::runtime
