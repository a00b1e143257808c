#include "runtime/record_queues.h"

#include "moldau/processor/error_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace moldau::runtime {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// Decodes "bad" with an error; its time is the record's, unless the value says "partition time".
class TestSlot final : public processor::SourceSlot {
 public:
  void decode(const RawRecord& raw) override {
    if (raw.value->text() == "bad") throw std::runtime_error("cannot read");
    carried_ = raw.timestamp;
    use_partition_time_ = raw.value->text() == "partition time";
    refuses_ = raw.value->text() == "refuse";
  }
  Timestamp timestamp(Timestamp partition_time) override {
    if (refuses_) throw std::runtime_error("no time");
    return use_partition_time_ ? partition_time : carried_;
  }
  void process(Timestamp) override {}

 private:
  Timestamp carried_;
  bool use_partition_time_ = false;
  bool refuses_ = false;
};

class NotedFailures final : public HeadFailures {
 public:
  void undecodable(std::size_t input, const RawRecord& record) override {
    noted.push_back("undecodable " + std::to_string(input) + "@" +
                    std::to_string(record.offset.value()));
  }
  void without_time(std::size_t input, const RawRecord& record, Timestamp) override {
    noted.push_back("without time " + std::to_string(input) + "@" +
                    std::to_string(record.offset.value()));
  }
  [[noreturn]] void extractor_failed(std::size_t, const RawRecord&) override {
    throw std::runtime_error("extractor: " + describe(std::current_exception()));
  }

  std::vector<std::string> noted;
};

class RecordQueuesTest : public ::testing::Test {
 protected:
  RecordQueues make(std::size_t inputs, std::chrono::milliseconds max_wait = -1ms) {
    std::vector<RecordQueues::Input> all;
    for (std::size_t i = 0; i < inputs; ++i) {
      auto slot = std::make_unique<TestSlot>();
      all.push_back({{"t" + std::to_string(i), PartitionId{0}}, std::move(slot)});
    }
    return {std::move(all), IdlePolicy{.max_wait = max_wait}, failures_};
  }

  // Adds records of (offset, timestamp, value).
  struct In {
    std::int64_t offset;
    std::int64_t timestamp;
    std::string_view value = "v";
  };
  static void add(RecordQueues& queues, std::size_t input, std::initializer_list<In> records) {
    std::vector<kafka::FetchedRecord> batch;
    for (const In& in : records) {
      batch.emplace_back(RawRecord{.key = {},
                                   .value = Bytes{in.value},
                                   .timestamp = Timestamp{in.timestamp},
                                   .offset = Offset{in.offset}},
                         Headers{}, nullptr, [](void*) noexcept {});
    }
    queues.add(input, batch);
  }

  // "input@offset" of every record, in the order of processing.
  static std::vector<std::string> drained(RecordQueues& queues) {
    std::vector<std::string> order;
    while (const auto head = queues.take()) {
      order.push_back(std::to_string(head->input) + "@" +
                      std::to_string(head->record->offset().value()));
      queues.done();
    }
    return order;
  }

  NotedFailures failures_;
  Clock::Steady start_{};
};

TEST_F(RecordQueuesTest, TheHeadWithTheSmallestTimestampComesNext) {
  RecordQueues queues = make(2);
  add(queues, 0, {{0, 10}, {1, 40}});
  add(queues, 1, {{0, 20}, {1, 30}});

  EXPECT_THAT(drained(queues), ElementsAre("0@0", "1@0", "1@1", "0@1"));
}

TEST_F(RecordQueuesTest, WithinAnInputOffsetsRuleEvenIfTimesGoBack) {
  RecordQueues queues = make(1);
  add(queues, 0, {{0, 30}, {1, 10}, {2, 20}});

  EXPECT_THAT(drained(queues), ElementsAre("0@0", "0@1", "0@2"));
  EXPECT_EQ(queues.stream_time(), Timestamp{30});
}

TEST_F(RecordQueuesTest, ARecordThatCannotBeReadIsSkippedAndReportedAndItsOffsetPasses) {
  RecordQueues queues = make(1);
  add(queues, 0, {{0, 1, "bad"}, {1, 2}, {2, 3, "bad"}});

  EXPECT_THAT(drained(queues), ElementsAre("0@1"));
  EXPECT_THAT(failures_.noted, ElementsAre("undecodable 0@0", "undecodable 0@2"));
  EXPECT_EQ(queues.next_offset(0), Offset{3});
}

TEST_F(RecordQueuesTest, ANegativeTimeDropsTheRecord) {
  RecordQueues queues = make(1);
  add(queues, 0, {{0, -1}, {1, 5}});

  EXPECT_THAT(drained(queues), ElementsAre("0@1"));
  EXPECT_THAT(failures_.noted, ElementsAre("without time 0@0"));
}

TEST_F(RecordQueuesTest, TheExtractorSeesTheHighestTimeOfItsOwnPartition) {
  RecordQueues queues = make(2);
  add(queues, 1, {{0, 99}});
  add(queues, 0, {{0, 7}, {1, 3}, {2, 0, "partition time"}});

  while (queues.take()) queues.done();

  EXPECT_EQ(queues.partition_time(0), Timestamp{7});
  EXPECT_EQ(queues.partition_time(1), Timestamp{99});
}

TEST_F(RecordQueuesTest, AnExtractorThatThrowsEndsTheTask) {
  RecordQueues queues = make(1);

  EXPECT_THROW(add(queues, 0, {{0, 1, "refuse"}}), std::runtime_error);
}

TEST_F(RecordQueuesTest, TheNextOffsetIsTheHeadsUntilItIsDone) {
  RecordQueues queues = make(1);
  EXPECT_EQ(queues.next_offset(0), std::nullopt);
  add(queues, 0, {{4, 1}, {9, 2}});
  EXPECT_EQ(queues.next_offset(0), Offset{4});

  ASSERT_TRUE(queues.take());
  EXPECT_EQ(queues.next_offset(0), Offset{4});
  queues.done();
  EXPECT_EQ(queues.next_offset(0), Offset{9});
  ASSERT_TRUE(queues.take());
  queues.done();
  EXPECT_EQ(queues.next_offset(0), Offset{10});

  queues.reached(0, Offset{12});  // two control records follow
  EXPECT_EQ(queues.next_offset(0), Offset{12});
}

TEST_F(RecordQueuesTest, RecordsAddedWhileOneIsProcessedWaitForIt) {
  RecordQueues queues = make(1);
  add(queues, 0, {{0, 50}});
  const auto head = queues.take();
  ASSERT_TRUE(head);

  add(queues, 0, {{1, 10}});

  EXPECT_TRUE(queues.empty());
  EXPECT_EQ(head->record->offset(), Offset{0});
  queues.done();
  EXPECT_THAT(drained(queues), ElementsAre("0@1"));
}

TEST_F(RecordQueuesTest, WithoutAnIdlePolicyWhateverIsThereIsProcessed) {
  RecordQueues queues = make(2, -1ms);
  add(queues, 0, {{0, 1}});

  EXPECT_TRUE(queues.ready(start_));
}

TEST_F(RecordQueuesTest, AnInputOfWhichNothingIsKnownIsWaitedFor) {
  RecordQueues queues = make(2, 0ms);
  add(queues, 0, {{0, 1}});

  EXPECT_FALSE(queues.ready(start_ + 1h));
  queues.reached(1, Offset{0});
  EXPECT_TRUE(queues.ready(start_ + 1h));
}

TEST_F(RecordQueuesTest, AnInputThatIsKnownToHaveMoreIsWaitedForWithoutLimit) {
  RecordQueues queues = make(2, 5ms);
  queues.start_at(1, Offset{0}, Timestamp::unknown());
  queues.known_end(1, Offset{3});
  add(queues, 0, {{0, 1}});

  EXPECT_FALSE(queues.ready(start_));
  EXPECT_FALSE(queues.ready(start_ + 1h));
}

TEST_F(RecordQueuesTest, AnInputThatIsCaughtUpIsWaitedForAsLongAsTheIdlePolicySays) {
  RecordQueues queues = make(2, 5ms);
  queues.reached(1, Offset{0});
  add(queues, 0, {{0, 1}});

  EXPECT_FALSE(queues.ready(start_));
  EXPECT_EQ(queues.ready_at(), start_ + 5ms);
  EXPECT_FALSE(queues.ready(start_ + 4ms));
  EXPECT_EQ(queues.enforced(), 0U);
  EXPECT_TRUE(queues.ready(start_ + 5ms));
  EXPECT_EQ(queues.enforced(), 1U);
}

TEST_F(RecordQueuesTest, ClearForgetsRecordsAndTimesAndStartAtSetsThemAgain) {
  RecordQueues queues = make(2);
  add(queues, 0, {{0, 70}, {1, 80}});
  ASSERT_TRUE(queues.take());

  queues.clear();
  queues.start_at(0, Offset{0}, Timestamp{60});
  queues.start_at(1, std::nullopt, Timestamp::unknown());

  EXPECT_TRUE(queues.empty());
  EXPECT_EQ(queues.stream_time(), Timestamp{60});
  EXPECT_EQ(queues.next_offset(0), Offset{0});
  add(queues, 0, {{0, 70}});
  EXPECT_THAT(drained(queues), ElementsAre("0@0"));
}

}  // namespace
}  // namespace moldau::runtime
