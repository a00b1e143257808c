#include "kafka/contract.h"

// What readers see of transactions, and which offsets they take up.
namespace moldau {

namespace {

using kafka::Isolation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class IsolationContract : public KafkaContract {
 protected:
  std::string topic_ = make_topic();
  std::unique_ptr<kafka::Producer> producer_ = transactional(unique("writer"));
  TopicHandle handle_ = producer_->topic(topic_, false);
};

TEST_F(IsolationContract, RecordsOfAnOpenTransactionAreSeenByUncommittedReadersOnly) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle_, {"a", "b"});

  EXPECT_THAT(read(topic_, Isolation::read_uncommitted).values(), ElementsAre("a", "b"));
  const Seen committed = read(topic_, Isolation::read_committed);
  EXPECT_THAT(committed.values(), IsEmpty());
  EXPECT_EQ(committed.end, Offset{0});
}

TEST_F(IsolationContract, ACommittedTransactionIsSeenByAllAndItsMarkerTakesAnOffset) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle_, {"a", "b"});
  ASSERT_TRUE(commit(*producer_).ok());

  for (const Isolation isolation : {Isolation::read_committed, Isolation::read_uncommitted}) {
    ASSERT_TRUE(eventually(patience, [&] { return range(topic_, isolation).end == Offset{3}; }));
    const Seen seen = read(topic_, isolation);
    EXPECT_THAT(seen.values(), ElementsAre("a", "b"));
    EXPECT_EQ(seen.end, Offset{3});
  }
}

TEST_F(IsolationContract, AnAbortedTransactionIsSeenByUncommittedReadersOnly) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle_, {"a", "b"});
  ASSERT_TRUE(abort(*producer_).ok());
  ASSERT_TRUE(eventually(
      patience, [&] { return range(topic_, Isolation::read_committed).end == Offset{3}; }));

  const Seen committed = read(topic_, Isolation::read_committed);
  EXPECT_THAT(committed.values(), IsEmpty());
  EXPECT_EQ(committed.end, Offset{3});
  const Seen all = read(topic_, Isolation::read_uncommitted);
  EXPECT_THAT(all.values(), ElementsAre("a", "b"));
  EXPECT_EQ(all.end, Offset{3});
}

TEST_F(IsolationContract, CommittedRecordsBetweenAbortedOnesKeepTheirOffsets) {
  for (const bool commits : {false, true, false, true}) {
    ASSERT_TRUE(producer_->begin_transaction().ok());
    send(*producer_, handle_, {commits ? "kept" : "dropped"});
    ASSERT_TRUE((commits ? commit(*producer_) : abort(*producer_)).ok());
  }
  ASSERT_TRUE(eventually(
      patience, [&] { return range(topic_, Isolation::read_committed).end == Offset{8}; }));

  const Seen seen = read(topic_, Isolation::read_committed);

  EXPECT_THAT(seen.offsets(), ElementsAre(2, 6));
  EXPECT_EQ(seen.end, Offset{8});
}

TEST_F(IsolationContract, WhatFollowsAnOpenTransactionWaitsForIt) {
  const auto other = producer();
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle_, {"first"});
  send(*other, other->topic(topic_, false), {"second"});

  EXPECT_THAT(read(topic_, Isolation::read_committed).values(), IsEmpty());
  ASSERT_TRUE(commit(*producer_).ok());

  ASSERT_TRUE(eventually(
      patience, [&] { return range(topic_, Isolation::read_committed).end == Offset{3}; }));
  EXPECT_THAT(read(topic_, Isolation::read_committed).values(), ElementsAre("first", "second"));
}

TEST_F(IsolationContract, AWaitingReaderGetsTheRecordsOnceTheyAreCommitted) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle_, {"a"});
  const auto reader = consumer();
  const kafka::PartitionPosition position{.partition = {topic_, PartitionId{0}},
                                          .offset = Offset{0}};
  ASSERT_TRUE(reader->assign({&position, 1}).ok());
  Seen seen;
  ASSERT_TRUE(eventually(patience, [&] {
    take(*reader, seen);
    return seen.end == Offset{0};
  }));

  ASSERT_TRUE(commit(*producer_).ok());

  EXPECT_TRUE(eventually(patience, [&] {
    take(*reader, seen);
    return seen.end == Offset{2};
  }));
  EXPECT_THAT(seen.values(), ElementsAre("a"));
  EXPECT_EQ(reader->known_end(position.partition), Offset{2});
}

TEST_F(IsolationContract, ListedOffsetsFollowTheIsolation) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle_, {"a", "b"});

  EXPECT_EQ(range(topic_, Isolation::read_uncommitted).end, Offset{2});
  EXPECT_EQ(range(topic_, Isolation::read_committed).end, Offset{0});
  ASSERT_TRUE(commit(*producer_).ok());
  EXPECT_TRUE(eventually(patience, [&] {
    return range(topic_, Isolation::read_committed).end == Offset{3} &&
           range(topic_, Isolation::read_uncommitted).end == Offset{3};
  }));
}

TEST_F(IsolationContract, ATransactionThatWroteNothingLeavesNoTrace) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  EXPECT_TRUE(commit(*producer_).ok());
  ASSERT_TRUE(producer_->begin_transaction().ok());
  EXPECT_TRUE(abort(*producer_).ok());

  EXPECT_EQ(range(topic_, Isolation::read_uncommitted).end, Offset{0});
}

}  // namespace

}  // namespace moldau
