#include "moldau/testing/embedded_broker.h"

#include "moldau/base/error.h"
#include "moldau/serde/builtin.h"
#include "moldau/testing/manual_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace moldau {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::EmbeddedBroker;
using ::testing::IsEmpty;
using testing::ManualClock;
using ::testing::SizeIs;
using testing::TestRecord;

using Record = TestRecord<std::string, std::int64_t>;

class EmbeddedBrokerTest : public ::testing::Test {
 protected:
  ManualClock clock_{Timestamp{std::int64_t{5'000}}};
  EmbeddedBroker broker_{{.clock = &clock_}};
};

TEST_F(EmbeddedBrokerTest, WhatIsProducedIsReadBack) {
  broker_.create_topic("t");
  Headers headers;
  headers.add("h", "x");

  broker_.produce<std::string, std::int64_t>("t", "a", 1);
  broker_.produce("t", Record{std::nullopt, 2, Timestamp{std::int64_t{7}}, headers});
  broker_.produce<std::string, std::int64_t>("t", "b", std::nullopt);

  EXPECT_THAT((broker_.read<std::string, std::int64_t>("t")),
              ElementsAre(Record{"a", 1, Timestamp{std::int64_t{5'000}}, {}},
                          Record{std::nullopt, 2, Timestamp{std::int64_t{7}}, headers},
                          Record{"b", std::nullopt, Timestamp{std::int64_t{5'000}}, {}}));
}

TEST_F(EmbeddedBrokerTest, RecordsWithoutAKeyAreSpread) {
  broker_.create_topic("t", 2);
  for (int i = 0; i < 4; ++i) broker_.produce<std::string, std::int64_t>("t", std::nullopt, i);

  const auto records = broker_.read<std::string, std::int64_t>("t");

  ASSERT_THAT(records, SizeIs(4));
  EXPECT_EQ(records[0].value, 0);
  EXPECT_EQ(records[1].value, 2);
}

TEST_F(EmbeddedBrokerTest, ARecordGoesToThePartitionThatIsNamed) {
  broker_.create_topic("t", 3);

  broker_.produce("t", Record{"a", 1, Timestamp{}, {}}, PartitionId{2});
  broker_.produce("t", Record{"a", 2, Timestamp{}, {}}, PartitionId{0});

  const auto records = broker_.read<std::string, std::int64_t>("t");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].value, 2);
  EXPECT_THROW(broker_.produce("t", Record{"a", 2, Timestamp{}, {}}, PartitionId{3}), Error);
}

TEST_F(EmbeddedBrokerTest, OpenTransactionsShowOnlyIfTheyAreAskedFor) {
  broker_.create_topic("t");
  const auto writer = *broker_.environment().clients.make_producer(
      {.client_id = "p", .transactional_id = "id", .settings = {}});
  ASSERT_TRUE(writer->init_transactions(0ms).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(writer
                  ->send({.topic = writer->topic("t", false),
                          .partition = {},
                          .key = Bytes{"a"},
                          .value = Bytes{"x"},
                          .timestamp = {}})
                  .ok());

  EXPECT_THAT((broker_.read<std::string, std::string>("t")), IsEmpty());
  EXPECT_THAT((broker_.read<std::string, std::string>("t", kafka::Isolation::read_uncommitted)),
              SizeIs(1));
  ASSERT_TRUE(writer->commit_transaction(0ms).ok());
  EXPECT_THAT((broker_.read<std::string, std::string>("t")), SizeIs(1));
}

TEST_F(EmbeddedBrokerTest, UnknownTopicsAndBadOnesAreErrors) {
  broker_.create_topic("t");

  EXPECT_THROW(broker_.create_topic("t"), Error);
  EXPECT_THROW(broker_.create_topic("no partitions", 0), Error);
  EXPECT_THROW((broker_.produce<std::string, std::string>("missing", "a", "b")), Error);
  EXPECT_THROW((void)(broker_.read<std::string, std::string>("missing")), Error);
  EXPECT_THROW(broker_.compact("missing"), Error);
  EXPECT_EQ(broker_.partitions("missing"), std::nullopt);
  EXPECT_EQ(broker_.partitions("t"), 1);
}

TEST_F(EmbeddedBrokerTest, CompactingKeepsTheLastRecordOfAKey) {
  broker_.create_topic("t", 1, {{"cleanup.policy", "compact"}});
  for (int i = 0; i < 3; ++i) broker_.produce<std::string, std::int64_t>("t", "a", i);

  broker_.compact("t");

  const auto records = broker_.read<std::string, std::int64_t>("t");
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].value, 2);
}

TEST_F(EmbeddedBrokerTest, OffsetsOfAGroupCanBeLookedAt) {
  broker_.create_topic("t", 2);
  const auto writer = *broker_.environment().clients.make_producer(
      {.client_id = "p", .transactional_id = "id", .settings = {}});
  ASSERT_TRUE(writer->init_transactions(0ms).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  const TopicPartition partition{"t", PartitionId{1}};
  const std::vector<kafka::CommittedOffset> offsets{
      {.partition = partition, .next = Offset{4}, .metadata = "meta"}};
  ASSERT_TRUE(writer->add_offsets("group", offsets, {}, 0ms).ok());

  EXPECT_THAT(broker_.committed("group", "t"), IsEmpty());
  ASSERT_TRUE(writer->commit_transaction(0ms).ok());

  EXPECT_THAT(broker_.committed("group", "t"), ElementsAre(offsets.front()));
}

}  // namespace

}  // namespace moldau
