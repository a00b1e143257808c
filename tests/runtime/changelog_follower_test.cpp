#include "runtime/changelog_follower.h"

#include "moldau/base/logger.h"

#include "runtime/counting_tasks.h"
#include "runtime/restore_report.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace moldau::runtime {
namespace {

using namespace std::chrono_literals;

constexpr Clock::Steady beginning_of_time{};

class Following : public ::testing::Test {
 protected:
  // Begun at the time 7 with a store that was up to date at the time 3.
  [[nodiscard]] ChangelogFollower restore(Offset from, Offset target) {
    return {task_->stores().front(), beginning(from, target)};
  }
  [[nodiscard]] ChangelogFollower follow(std::optional<Offset> limit = {}) {
    ChangelogFollower::Beginning begins = beginning(Offset{0}, Offset{4});
    begins.endless = true;
    begins.limit = limit;
    return {task_->stores().front(), begins};
  }
  [[nodiscard]] static ChangelogFollower::Beginning beginning(Offset from, Offset target) {
    return {.from = from,
            .target = target,
            .endless = false,
            .limit = {},
            .started = beginning_of_time,
            .asked_at = Timestamp{7},
            .as_of = Timestamp{3}};
  }
  // Records with the offsets [from, to), of 16 bytes each.
  [[nodiscard]] static kafka::PartitionBatch batch(std::int64_t from, std::int64_t to) {
    kafka::PartitionBatch batch;
    for (std::int64_t offset = from; offset < to; ++offset) {
      auto key = std::make_unique<std::string>("key-" + std::to_string(1000 + offset));
      const RawRecord raw{.key = Bytes{std::string_view{*key}},
                          .value = Bytes{std::string_view{"8 bytes."}},
                          .timestamp = Timestamp{0},
                          .offset = Offset{offset}};
      batch.records.emplace_back(raw, Headers{}, key.release(), [](void* text) noexcept {
        const std::unique_ptr<std::string> freed{static_cast<std::string*>(text)};
      });
    }
    return batch;
  }
  static void ignore(const ChangelogFollower::Written&) {}

  [[nodiscard]] state::ChangelogPosition position() {
    return *task_->stores().front().store->committed_position();
  }

  CountingTasks tasks_{make_silent_logger()};
  std::unique_ptr<StreamTask> task_ = tasks_.make(0);
};

TEST_F(Following, IsDoneWhereControlRecordsEndTheLog) {
  ChangelogFollower store = restore(Offset{0}, Offset{5});
  store.apply(batch(0, 4), ignore);
  EXPECT_FALSE(store.done());
  EXPECT_EQ(position().as_of, Timestamp{3});

  store.at_end(Offset{5}, Timestamp{9});

  EXPECT_TRUE(store.done());
  EXPECT_EQ(position().next, Offset{5});
  EXPECT_EQ(position().as_of, Timestamp{7});
}

TEST_F(Following, AStandbyIsNeverDoneAndAsYoungAsItsLastLookAtTheEnd) {
  ChangelogFollower store = follow();
  store.apply(batch(0, 4), ignore);
  EXPECT_EQ(position().as_of, Timestamp{3});

  store.at_end(Offset{5}, Timestamp{100'000});

  EXPECT_FALSE(store.done());
  EXPECT_TRUE(store.reads());
  EXPECT_EQ(position().next, Offset{5});
  EXPECT_EQ(position().as_of, Timestamp{100'000});
}

TEST_F(Following, AStandbyThatIsBehindDoesNotSayThatItWasUpToDate) {
  ChangelogFollower store = follow();
  store.apply(batch(0, 4), ignore);

  store.confirm(Offset{5}, Timestamp{100'000});
  EXPECT_EQ(position().as_of, Timestamp{3});
  store.confirm(Offset{4}, Timestamp{100'000});
  EXPECT_EQ(position().as_of, Timestamp{100'000});
}

TEST_F(Following, StopsAtItsLimitUntilThatIsRaised) {
  ChangelogFollower store = follow(Offset{3});

  store.apply(batch(0, 9), ignore);

  EXPECT_EQ(store.reached(), Offset{3});
  EXPECT_EQ(store.records(), 3U);
  EXPECT_FALSE(store.reads());
  store.raise_limit(Offset{2});
  EXPECT_FALSE(store.reads());
  store.raise_limit(Offset{5});
  EXPECT_TRUE(store.reads());
  store.apply(batch(3, 9), ignore);
  store.at_end(Offset{9}, Timestamp{1});
  EXPECT_EQ(store.reached(), Offset{5});
}

TEST_F(Following, TellsHowFarItIsAndEstimatesTheRest) {
  ChangelogFollower store = restore(Offset{100}, Offset{500});

  store.apply(batch(100, 200), ignore);
  const RestoreProgress progress = progress_of(store, beginning_of_time + 20s);

  EXPECT_EQ(progress.records, 100U);
  EXPECT_EQ(progress.bytes, 1600U);
  EXPECT_EQ(progress.passed, 20s);
  EXPECT_DOUBLE_EQ(progress.records_per_second, 5);
  EXPECT_DOUBLE_EQ(progress.bytes_per_second, 80);
  EXPECT_EQ(progress.left, 60s);
  EXPECT_EQ(text(progress),
            "100 records (1 KiB) restored, 5 records/s (80 bytes/s), offset 200 of 500, about 60 s "
            "left");
}

TEST_F(Following, EstimatesNothingBeforeTheFirstRecord) {
  const ChangelogFollower store = restore(Offset{100}, Offset{500});

  EXPECT_EQ(progress_of(store, beginning_of_time + 20s).left, std::nullopt);
}

}  // namespace
}  // namespace moldau::runtime
