// Windowed aggregations allocate nothing of their own: where they go over a range of their store,
// exactly what the store allocates for that.

#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/builtin.h"
#include "moldau/state/session_rows.h"
#include "moldau/state/window_rows.h"

#include "allocation/counting_new.h"
#include "allocation/fed_task.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace moldau {
namespace {

using namespace std::chrono_literals;

template <class Windows>
Topology counts(const Windows& windows, EmitStrategy emit = EmitStrategy::on_window_update) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .windowed_by(windows)
      .emit_strategy(emit)
      .count({.name = "counts", .type = StoreType::in_memory})
      .to_stream()
      .to("out");
  return builder.build();
}

// Allocations for so many records, once buffers have their size and rows are there.
std::int64_t allocations_of(FedTask& task, std::chrono::milliseconds step = {}) {
  task.process(batches, step);
  const std::int64_t before = allocations();
  task.process(batches, step);
  return allocations() - before;
}

constexpr auto records = static_cast<std::int64_t>(batches * FedTask::batch_size);

TEST(WindowsPath, ARecordOfATumblingWindowCostsNoHeapAllocation) {
  FedTask task{counts(TimeWindows{.size = 1h})};

  EXPECT_EQ(allocations_of(task, 1ms), 0);
  // To the topic and to the changelog.
  EXPECT_EQ(task.sink.records, 2 * 2 * static_cast<std::size_t>(records));
}

TEST(WindowsPath, ARecordOfManyHoppingWindowsCostsNoHeapAllocation) {
  FedTask task{counts(TimeWindows{.size = 1h, .advance = 1min})};

  EXPECT_EQ(allocations_of(task), 0);
}

TEST(WindowsPath, ARecordOfACachedWindowCostsNoHeapAllocation) {
  FedTask task{counts(TimeWindows{.size = 1h}), cache_bytes};

  EXPECT_EQ(allocations_of(task, 1ms), 0);
  EXPECT_EQ(task.sink.records, 0U);
}

TEST(WindowsPath, ARecordThatClosesNoWindowCostsNoHeapAllocation) {
  FedTask task{counts(TimeWindows{.size = 1h, .advance = 20min}, EmitStrategy::on_window_close)};

  EXPECT_EQ(allocations_of(task, 1ms), 0);
}

// Iterators of the layers, with the bounds of the range and the row they show.
constexpr std::int64_t of_a_look = 16;

// The object that holds the row until the commit, and its bytes: the key of these records is too
// long to lie within. What tables and trees grow by comes on top, less than one in ten.
constexpr double of_a_new_row = 2.1;
// Likewise in the map that a commit writes to: key and value in one piece, and nodes of the tree.
constexpr double of_a_committed_row = 1.4;

TEST(WindowsPath, ARecordOfANewWindowCostsItsRow) {
  FedTask task{counts(TimeWindows{.size = 1s})};

  const std::int64_t made = allocations_of(task, 1s);

  EXPECT_GE(made, records);
  EXPECT_LE(static_cast<double>(made), of_a_new_row * static_cast<double>(records));
}

TEST(WindowsPath, ACommitCostsTheNewRowsOfTheMap) {
  FedTask task{counts(TimeWindows{.size = 1s, .grace = 24h})};
  task.process(batches, 1s);

  const std::int64_t before = allocations();
  task.store().commit(std::nullopt);
  const std::int64_t made = allocations() - before;

  EXPECT_GE(made, records);
  EXPECT_LE(static_cast<double>(made), of_a_committed_row * static_cast<double>(records));
}

TEST(WindowsPath, ARecordOfSlidingWindowsCostsALookAtTheStore) {
  FedTask task{counts(SlidingWindows{.time_difference = 100ms})};
  const std::int64_t made = allocations_of(task);

  state::WindowRows rows;
  rows.open(task.store());
  const state::TimeSpan around{.from = task.time() - 200ms, .to = task.time() + 1ms};
  const std::int64_t before = allocations();
  for (auto row = rows.fetch(Bytes{FedTask::key}, around, state::Direction::backward); row->valid();
       row->next()) {
  }
  const std::int64_t one_look = allocations() - before;

  EXPECT_GT(one_look, 0);
  EXPECT_LE(one_look, of_a_look);
  EXPECT_LE(made, records * one_look);
}

TEST(WindowsPath, ARecordOfASessionCostsALookAtTheStore) {
  FedTask task{counts(SessionWindows{.inactivity_gap = 100ms})};
  const std::int64_t made = allocations_of(task);

  state::SessionRows rows;
  rows.open(task.store());
  const std::int64_t before = allocations();
  for (auto row = rows.find(Bytes{FedTask::key}, task.time() - 100ms, task.time() + 100ms,
                            state::Direction::forward);
       row->valid(); row->next()) {
  }
  const std::int64_t one_look = allocations() - before;

  EXPECT_GT(one_look, 0);
  EXPECT_LE(one_look, of_a_look);
  EXPECT_LE(made, records * one_look);
}

}  // namespace
}  // namespace moldau
