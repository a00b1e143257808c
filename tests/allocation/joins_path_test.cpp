// Joins that look a row up allocate nothing; the row of a join is made in the memory of the last.

#include "moldau/base/clock.h"
#include "moldau/dsl/streams_builder.h"
#include "moldau/processor/row_format.h"
#include "moldau/processor/row_of_join.h"
#include "moldau/serde/builtin.h"

#include "allocation/counting_new.h"
#include "allocation/fed_task.h"
#include "runtime/global_stores.h"
#include "state/open_store.h"
#include "state/shared_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace moldau {
namespace {

// A global table with one row.
class OneGlobalTable final : public runtime::GlobalStores {
 public:
  OneGlobalTable(std::string name, Bytes key, std::string_view value)
      : name_(std::move(name)),
        store_(std::make_unique<state::SharedStore>(state::open_store(
            {.name = name_, .type = StoreType::in_memory, .caching = false, .logging = false},
            {.storage = *storage_,
             .folder = {},
             .changelog = std::nullopt,
             .logger = *logger_,
             .clock = system_clock(),
             .metrics = metrics_}))),
        view_(*store_) {
    ByteBuffer row;
    processor::RowFormat{}.start(row, Timestamp{1});
    row.append(Bytes{value});
    store_->put(key, row.bytes(), {});
  }

  state::StateStore* find(std::string_view name) override {
    return name == name_ ? &view_ : nullptr;
  }

 private:
  std::string name_;
  std::shared_ptr<state::Storage> storage_ = state::make_rocksdb_storage();
  std::shared_ptr<Logger> logger_ = make_silent_logger();
  MetricRegistry metrics_;
  std::unique_ptr<state::SharedStore> store_;
  state::ReadOnlyStore view_;
};

TEST(JoinsPath, ARecordThatMeetsARowOfAGlobalTableCostsNoHeapAllocation) {
  StreamsBuilder builder;
  const auto table = builder.global_table<std::string, std::string>("g", {}, {.name = "g"});
  builder.stream<std::string, std::string>("in")
      .join(
          table,
          [](const std::string& key, const std::string& /*value*/) -> const std::string& {
            return key;
          },
          [](const std::string& /*value*/, const std::string& row) -> const std::string& {
            return row;
          })
      .to("out");
  OneGlobalTable global{"g", Bytes{FedTask::key}, "a row that is longer than a small string"};
  FedTask task{builder.build(), 0, &global};
  task.process(batches);
  task.sink.records = 0;

  const std::int64_t before = allocations();
  task.process(batches);
  const std::int64_t after = allocations();

  EXPECT_EQ(after - before, 0);
  EXPECT_EQ(task.sink.records, batches * FedTask::batch_size);
}

TEST(JoinsPath, ARowOfAJoinThatIsGivenByReferenceKeepsItsMemory) {
  const std::string left = "a row of the left table, not small";
  const std::string right = "a row of the right table, longer than that of the left one";
  bool turn = false;
  const auto joiner = [&](const std::string& a, const std::string& b) -> const std::string& {
    turn = !turn;
    return turn ? b : a;
  };
  processor::RowOfJoin<std::string> row;
  const auto join = [&] { return row.join<processor::JoinKind::inner>(joiner, 1, &left, &right); };
  EXPECT_EQ(*join(), right);

  const std::int64_t before = allocations();
  for (int i = 0; i < 100; ++i) static_cast<void>(join());
  const std::int64_t after = allocations();

  EXPECT_EQ(after - before, 0);
  EXPECT_EQ(*join(), left);
}

TEST(JoinsPath, ARowThatTheJoinerSaysIsNoneIsNone) {
  const auto joiner = [](int a, const int* b) {
    return b != nullptr ? std::optional{a + *b} : std::nullopt;
  };
  processor::RowOfJoin<int> row;
  const int one = 1;

  EXPECT_EQ(*row.join<processor::JoinKind::left>(joiner, 0, &one, &one), 2);
  EXPECT_EQ(row.join<processor::JoinKind::left>(joiner, 0, &one, static_cast<const int*>(nullptr)),
            nullptr);
  EXPECT_EQ(row.join<processor::JoinKind::left>(joiner, 0, static_cast<const int*>(nullptr), &one),
            nullptr);
}

}  // namespace
}  // namespace moldau
