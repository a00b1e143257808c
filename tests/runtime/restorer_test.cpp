// The restore worker on the in-process broker, turn by turn, with a clock that is moved by hand.

#include "runtime/restorer.h"

#include "moldau/testing/manual_clock.h"

#include "kafka/memory/broker.h"
#include "kafka/memory/memory_clients.h"
#include "runtime/counting_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::runtime {
namespace {

using namespace std::chrono_literals;
using kafka::memory::Broker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view changelog_topic = "app-counts-changelog";

class Heard final : public StateRestoreListener, public StandbyUpdateListener {
 public:
  void on_restore_start(const TopicPartition&, std::string_view, Offset, Offset) override {}
  void on_batch_restored(const TopicPartition&, std::string_view, Offset,
                         std::uint64_t records) override {
    restored += records;
  }
  void on_restore_end(const TopicPartition&, std::string_view, std::uint64_t) override {}
  void on_restore_suspended(const TopicPartition&, std::string_view,
                            std::uint64_t records) override {
    suspended_restores.push_back(records);
  }
  void on_restore_progress(const TopicPartition&, std::string_view,
                           const RestoreProgress& told) override {
    progress.push_back(told);
  }
  void on_update_start(const TopicPartition&, std::string_view, Offset from) override {
    begun.push_back(from);
  }
  void on_batch_loaded(const TopicPartition&, std::string_view, TaskId, Offset last,
                       std::uint64_t records, std::optional<Offset> log_end) override {
    loaded += records;
    behind = *log_end - last - 1;
  }
  void on_update_suspended(const TopicPartition&, std::string_view, Offset, std::optional<Offset>,
                           StandbySuspended reason) override {
    suspended.push_back(reason);
  }

  std::uint64_t restored = 0;
  std::vector<std::uint64_t> suspended_restores;
  std::vector<RestoreProgress> progress;
  std::vector<Offset> begun;
  std::uint64_t loaded = 0;
  std::int64_t behind = -1;
  std::vector<StandbySuspended> suspended;
};

class Lines final : public Logger {
 public:
  [[nodiscard]] bool enabled(LogLevel level) const noexcept override {
    return level >= LogLevel::info;
  }
  void log(LogLevel level, std::string_view message) noexcept override {
    if (enabled(level)) text.append(message).append("\n");
  }

  std::string text;
};

// Takes ten records a turn.
class Restoring : public ::testing::Test {
 protected:
  Restoring() {
    Broker::Turn turn{broker_};
    EXPECT_TRUE(turn->topics
                    .create({.name = std::string{changelog_topic},
                             .partitions = 2,
                             .config = {{"cleanup.policy", "compact"}}})
                    .ok());
    client_.wake = [] {};
  }

  void write(std::int32_t partition, int records) {
    Broker::Turn turn{broker_};
    for (int i = 0; i < records; ++i) {
      kafka::memory::LogEntry entry;
      entry.timestamp = clock_.wall();
      entry.key = ByteBuffer{Bytes{std::string_view{"k" + std::to_string(i)}}};
      entry.value = ByteBuffer{Bytes{std::string_view{"8 bytes."}}};
      ASSERT_TRUE(turn->topics.append({std::string{changelog_topic}, PartitionId{partition}},
                                      std::move(entry), clock_.wall()));
    }
  }
  void submit(std::int32_t partition, RestoreRole role) {
    restorer_.submit(tasks_.make(partition), client_, role);
  }
  void turns(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(restorer_.step(0ms));
  }

  testing::ManualClock clock_{Timestamp{1'000'000}};
  Broker broker_{clock_};
  std::unique_ptr<kafka::KafkaClients> clients_ = kafka::memory::make_clients(broker_);
  std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
  CountingTasks tasks_{lines_};
  MetricRegistry metrics_;
  std::atomic<bool> paused_{false};
  Heard heard_;
  RestoreClient client_;
  Restorer restorer_{*clients_,
                     Restorer::Options{.consumer = {.client_id = "restore",
                                                    .group_id = "app",
                                                    .max_poll_records = 10,
                                                    .settings = {}},
                                       .admin = {.client_id = "admin", .settings = {}},
                                       .listeners = {.restore = &heard_, .standby = &heard_}},
                     clock_,
                     lines_,
                     metrics_,
                     paused_};
};

TEST_F(Restoring, TellsEveryTenSecondsHowFarItIs) {
  write(0, 100);
  submit(0, RestoreRole::active);
  turns(2);
  EXPECT_THAT(heard_.progress, IsEmpty());
  EXPECT_EQ(metrics_.sum("restore-remaining-records-total"), 80);

  clock_.advance(10s);
  turns(1);
  clock_.advance(9s);
  turns(1);

  ASSERT_THAT(heard_.progress, SizeIs(1));
  EXPECT_EQ(heard_.progress[0].records, 30U);
  EXPECT_EQ(heard_.progress[0].left, 23s);
  EXPECT_THAT(lines_->text, HasSubstr("task 0_0, store \"counts\", changelog "
                                      "app-counts-changelog-0: 30 records (320 bytes) restored, 3 "
                                      "records/s (32 bytes/s), offset 30 of 100, about 23 s left"));
  clock_.advance(1s);
  turns(6);
  EXPECT_THAT(heard_.progress, SizeIs(2));
  EXPECT_THAT(lines_->text, HasSubstr("complete: 100 records"));
  EXPECT_EQ(metrics_.sum("restore-total"), 100);
}

TEST_F(Restoring, ATransactionThatStaysOpenIsNamedAsWhatIsWaitedFor) {
  write(0, 5);
  auto other =
      *clients_->make_producer({.client_id = "other", .transactional_id = "other", .settings = {}});
  const TopicHandle topic = other->topic(changelog_topic, false);
  ASSERT_TRUE(other->init_transactions(0ms).ok());
  ASSERT_TRUE(other->begin_transaction().ok());
  ASSERT_TRUE(other
                  ->send({.topic = topic,
                          .partition = PartitionId{0},
                          .key = Bytes{"k"},
                          .value = Bytes{"8 bytes."},
                          .timestamp = {}})
                  .ok());
  submit(0, RestoreRole::active);
  turns(2);
  EXPECT_THAT(lines_->text, Not(HasSubstr("transaction")));

  clock_.advance(10s);
  turns(1);

  EXPECT_THAT(lines_->text, HasSubstr("task 0_0, store \"counts\", changelog "
                                      "app-counts-changelog-0: a transaction is open at offset 5"));
  EXPECT_THAT(client_.finished.take(), IsEmpty());
  ASSERT_TRUE(other->commit_transaction(0ms).ok());
  turns(3);
  EXPECT_THAT(client_.finished.take(), SizeIs(1));
}

TEST_F(Restoring, AStandbyFollowsItsChangelogUntilItIsRecalled) {
  write(1, 5);
  submit(1, RestoreRole::standby);
  turns(2);
  EXPECT_EQ(heard_.loaded, 5U);
  EXPECT_EQ(heard_.behind, 0);
  write(1, 3);
  turns(2);
  EXPECT_EQ(heard_.loaded, 8U);
  EXPECT_THAT(client_.finished.take(), IsEmpty());
  EXPECT_EQ(metrics_.sum("update-total"), 8);

  restorer_.recall({SubtopologyId{0}, PartitionId{1}});
  turns(1);

  const std::vector<RestoredTask> back = client_.finished.take();
  ASSERT_THAT(back, SizeIs(1));
  EXPECT_FALSE(back[0].complete);
  EXPECT_EQ(CountingTasks::position(*back[0].task), Offset{8});
}

TEST_F(Restoring, StandbysWaitWhileATaskIsRestoredThatIsToRun) {
  submit(1, RestoreRole::standby);
  turns(1);
  write(0, 30);
  write(1, 10);
  submit(0, RestoreRole::active);

  turns(2);
  EXPECT_EQ(heard_.loaded, 0U);
  EXPECT_EQ(heard_.restored, 20U);

  turns(4);
  EXPECT_EQ(heard_.restored, 30U);
  EXPECT_EQ(heard_.loaded, 10U);
}

TEST_F(Restoring, StandbysWaitWhileTheApplicationIsPaused) {
  submit(1, RestoreRole::standby);
  turns(1);
  paused_ = true;
  write(1, 10);
  turns(3);
  EXPECT_EQ(heard_.loaded, 0U);

  paused_ = false;
  turns(2);
  EXPECT_EQ(heard_.loaded, 10U);
}

TEST_F(Restoring, AStandbyThatIsRestoredHereNextWasPromoted) {
  write(1, 5);
  submit(1, RestoreRole::standby);
  turns(2);
  restorer_.recall({SubtopologyId{0}, PartitionId{1}});
  turns(1);
  EXPECT_THAT(heard_.suspended, IsEmpty());

  std::vector<RestoredTask> back = client_.finished.take();
  restorer_.submit(std::move(back.at(0).task), client_);
  turns(1);

  EXPECT_THAT(heard_.suspended, ElementsAre(StandbySuspended::promoted));
  EXPECT_THAT(client_.finished.take(), SizeIs(1));
  EXPECT_EQ(heard_.restored, 0U);
}

TEST_F(Restoring, AStandbyThatDoesNotComeBackHasMigrated) {
  submit(1, RestoreRole::standby);
  turns(2);
  restorer_.recall({SubtopologyId{0}, PartitionId{1}});
  const auto next = restorer_.step(0ms);
  ASSERT_TRUE(next);
  EXPECT_EQ(*next - clock_.steady(), 10s);

  clock_.advance(10s);
  turns(1);

  EXPECT_THAT(heard_.suspended, ElementsAre(StandbySuspended::migrated));
}

TEST_F(Restoring, AStandbyWhoseRecordsAreDeletedIsRebuilt) {
  write(1, 5);
  submit(1, RestoreRole::standby);
  turns(2);
  write(1, 30);
  const auto admin = *clients_->make_admin({.client_id = "test", .settings = {}});
  const kafka::PartitionPosition before{.partition = {std::string{changelog_topic}, PartitionId{1}},
                                        .offset = Offset{20}};
  ASSERT_TRUE(admin->delete_records({&before, 1}, 0ms).ok());

  turns(2);

  const std::vector<RestoredTask> back = client_.finished.take();
  ASSERT_THAT(back, SizeIs(1));
  EXPECT_THAT(back[0].rebuild, SizeIs(1));
  EXPECT_THAT(lines_->text, HasSubstr("offset 5 is gone from under a standby that was behind"));
}

TEST_F(Restoring, AStandbyThatStoodStillForLongerThanDeletionsAreKeptIsRebuilt) {
  write(1, 5);
  submit(1, RestoreRole::standby);
  turns(2);

  clock_.advance(26h);
  write(1, 3);
  turns(2);

  const std::vector<RestoredTask> back = client_.finished.take();
  ASSERT_THAT(back, SizeIs(1));
  EXPECT_THAT(back[0].rebuild, SizeIs(1));
  EXPECT_EQ(heard_.loaded, 5U) << "nothing is put on top of what may be out of date";
}

TEST_F(Restoring, AStandbyThatStoodStillForAWhileGoesOnWhereItWas) {
  write(1, 5);
  submit(1, RestoreRole::standby);
  turns(2);

  clock_.advance(1h);
  write(1, 3);
  turns(3);

  EXPECT_THAT(client_.finished.take(), IsEmpty());
  EXPECT_EQ(heard_.loaded, 8U);
}

TEST_F(Restoring, WhatIsNotCompleteIsSuspendedWhenItIsRecalled) {
  write(0, 100);
  submit(0, RestoreRole::active);
  turns(2);
  restorer_.recall({SubtopologyId{0}, PartitionId{0}});
  turns(1);

  EXPECT_THAT(heard_.suspended_restores, ElementsAre(20U));
  EXPECT_EQ(CountingTasks::position(*client_.finished.take().at(0).task), Offset{20});
}

TEST_F(Restoring, AStandbyOfAnInputIsReadUpToWhatIsCommitted) {
  {
    Broker::Turn turn{broker_};
    ASSERT_TRUE(turn->topics.create({.name = "in", .partitions = 1, .config = {}}).ok());
    for (int i = 0; i < 9; ++i) {
      kafka::memory::LogEntry entry;
      entry.key = ByteBuffer{Bytes{std::string_view{"k"}}};
      entry.value = ByteBuffer{Bytes{std::string_view{"v"}}};
      ASSERT_TRUE(turn->topics.append({"in", PartitionId{0}}, std::move(entry), clock_.wall()));
    }
  }
  const auto commit = [&](std::int64_t next) {
    Broker::Turn turn{broker_};
    const kafka::CommittedOffset offset{{"in", PartitionId{0}}, Offset{next}, {}};
    turn->groups.offsets("app").commit({&offset, 1});
  };
  Config config;
  config.set("topology.optimization", "reuse.ktable.source.topics");
  StreamsBuilder builder;
  builder.table<std::string, std::string>("in", {}, {.name = "rows", .type = StoreType::in_memory});
  restorer_.submit(tasks_.make(0, builder.build(config.topology)), client_, RestoreRole::standby);
  turns(3);
  EXPECT_EQ(heard_.loaded, 0U);

  commit(4);
  clock_.advance(30s);
  turns(1);
  EXPECT_EQ(heard_.loaded, 4U);

  // The consumer was further: what the store has left out comes now.
  commit(9);
  clock_.advance(30s);
  turns(2);
  EXPECT_EQ(heard_.loaded, 9U);
}

}  // namespace
}  // namespace moldau::runtime
