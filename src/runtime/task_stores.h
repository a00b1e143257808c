#pragma once

#include "moldau/export.h"
#include "moldau/kafka/values.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/state_store.h"

#include "runtime/task_claims.h"
#include "runtime/task_plan.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0::runtime {

struct TaskServices;

// Opens the stores of tasks: where they lie, what they share.
class MOLDAU_TESTING_EXPORT StoreOpener {
 public:
  virtual ~StoreOpener();
  // `sink` and `changelog` are where the store's changelog records go, if it writes any. All
  // references outlive the store.
  [[nodiscard]] virtual std::unique_ptr<state::StateStore> open(
      TaskId task, const TaskPlan::Store& store, RecordSink& sink,
      std::optional<TopicHandle> changelog, state::DroppedRows& drops) = 0;
  // Deletes the files of a store that cannot be used. REQUIRES: not open.
  virtual void destroy(TaskId task, const TaskPlan::Store& store) = 0;
};

// Acknowledged changelog offsets of the records sent since the last commit.
class MOLDAU_TESTING_EXPORT AckedOffsets {
 public:
  virtual ~AckedOffsets();
  // The highest one; nullopt if nothing was sent to that partition.
  [[nodiscard]] virtual std::optional<Offset> acked(TopicHandle topic,
                                                    PartitionId partition) const = 0;
};

// The stores of one task, in the order of its plan. Used by that task, and on its thread.
class MOLDAU_TESTING_EXPORT TaskStores {
 public:
  // A store as restoration sees it.
  struct Store {
    const TaskPlan::Store* plan;
    std::unique_ptr<state::StateStore> store;  // null: not open
    TopicHandle changelog;                     // only if the task writes one
  };
  // The next offset of an input of the task; nullopt if it does not read that, or not yet.
  using NextOffset = std::function<std::optional<Offset>(const TopicPartition&)>;

  // All of it outlives this. `drops` is told of rows that stores refuse.
  TaskStores(const TaskPlan& plan, const TaskServices& services, state::DroppedRows& drops);

  // Throws StateStoreError; StoreDamaged if nothing could bring the store back, otherwise it is
  // rebuilt. Stores that are open already stay open. `claim` is kept while they are, and until
  // close_files().
  void open(TaskClaim claim);
  // For whoever opens the stores next. To be followed by close().
  [[nodiscard]] TaskClaim take_claim() noexcept { return std::move(claim_); }
  // Closes the stores on disk, as of their last commit or restore; open() opens them again.
  void close_files();
  // Closes one store, deletes its files and opens it empty; counted in `store-wipes-total`.
  void rebuild(Store& store);
  void close() noexcept { stores_.clear(); }

  [[nodiscard]] std::vector<Store>& all() noexcept { return stores_; }
  // nullptr if the task has none of that name.
  [[nodiscard]] state::StateStore* find(std::string_view name) const;

  // Writes down the caches, in creation order; may forward and send.
  void flush_caches();
  [[nodiscard]] std::size_t uncommitted_bytes() const;
  // Moves every store's overlay down, each in one batch with its changelog position as of `as_of`.
  void commit(const AckedOffsets& acked, const NextOffset& next_offset, Timestamp as_of);
  void rollback();

 private:
  void open(Store& store);
  // Where the changelog of a store goes on after what the store has got by now: what was written to
  // it, or read from it if it is an input. nullopt: nothing new was written.
  [[nodiscard]] std::optional<Offset> followed(const Store& store, const AckedOffsets& acked,
                                               const NextOffset& next_offset) const;
  // nullopt: the store keeps the position it has.
  [[nodiscard]] std::optional<state::ChangelogPosition> new_position(const Store& store,
                                                                     std::optional<Offset> next,
                                                                     Timestamp as_of) const;

  const TaskPlan& plan_;
  const TaskServices& services_;
  state::DroppedRows& drops_;
  TaskClaim claim_;  // outlives the stores
  std::vector<Store> stores_;
};

}  // namespace moldau::inline v0::runtime
