#include "kafka/group_contract.h"

// Committed offsets: with and without transactions, and who may commit them.
namespace moldau {

namespace {

class OffsetsContract : public GroupContract {
 protected:
  std::string topic_ = make_topic(2);
  Member member_ = joined();
  std::unique_ptr<kafka::Producer> producer_ = transactional(unique("writer"));

  Member joined() {
    Member made = join("a", reads(topic_));
    EXPECT_TRUE(settle({2}, made));
    return made;
  }
  [[nodiscard]] kafka::MemberSnapshot snapshot() { return member_.membership().snapshot(); }
  Status add(const std::vector<kafka::CommittedOffset>& offsets, const kafka::MemberSnapshot& as) {
    return insist([&] { return producer_->add_offsets(group_, offsets, as, call_timeout); });
  }
  void TearDown() override { static_cast<void>(member_.membership().leave(call_timeout)); }
};

TEST_F(OffsetsContract, PartitionsWithoutACommittedOffsetAreLeftOut) {
  EXPECT_EQ(stable_offset(topic_), std::nullopt);
}

TEST_F(OffsetsContract, AMemberCommitsInItsEpoch) {
  ASSERT_TRUE(commit_as(member_, offset(topic_, 3), snapshot()).ok());

  EXPECT_EQ(stable_offset(topic_), offset(topic_, 3).front());
}

TEST_F(OffsetsContract, AMemberThatLeftMayNotCommit) {
  const kafka::MemberSnapshot before = snapshot();
  Member other = join("b", reads(topic_));  // a group without members would take it
  ASSERT_TRUE(settle({1, 1}, member_, other));
  ASSERT_TRUE(member_.membership().leave(call_timeout).ok());

  const Status status = commit_as(other, offset(topic_, 3), before);

  EXPECT_EQ(status.code(), ErrorCode::stale_member) << status.message();
  EXPECT_TRUE(status.fenced());
  EXPECT_TRUE(other.membership().leave(call_timeout).ok());
}

TEST_F(OffsetsContract, ATaskThatMovedCannotBeCommittedInTheOldEpoch) {
  const kafka::MemberSnapshot before = snapshot();
  Member other = join("b", reads(topic_));
  ASSERT_TRUE(settle({1, 1}, member_, other));
  const PartitionId moved = other.active().begin()->partition;
  const PartitionId kept = member_.active().begin()->partition;

  const Status lost = commit_as(member_, offset(topic_, 3, moved), before);
  const Status still_owned = commit_as(member_, offset(topic_, 4, kept), before);

  EXPECT_EQ(lost.code(), ErrorCode::stale_member) << lost.message();
  EXPECT_TRUE(still_owned.ok()) << still_owned.message();
  EXPECT_TRUE(other.membership().leave(call_timeout).ok());
}

TEST_F(OffsetsContract, OffsetsInATransactionAreNotStableBeforeItIsDecided) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  ASSERT_TRUE(add(offset(topic_, 5), snapshot()).ok());

  const auto pending = committed(topic_, 500ms);
  ASSERT_FALSE(pending.ok()) << "an offset was handed out that might still be aborted";
  EXPECT_TRUE(pending.error().retriable());
  ASSERT_TRUE(commit(*producer_).ok());

  EXPECT_EQ(stable_offset(topic_), offset(topic_, 5).front());
}

TEST_F(OffsetsContract, AForgottenQuestionIsAskedAnew) {
  const auto reader = consumer(kafka::Isolation::read_committed, group_);
  const std::vector<TopicPartition> partitions{{topic_, PartitionId{0}}};
  static_cast<void>(reader->committed(partitions, 0ms));
  ASSERT_TRUE(commit_as(member_, offset(topic_, 3), snapshot()).ok());

  reader->forget_question();

  Result<std::vector<kafka::CommittedOffset>> found{Status{}};
  const Status status = insist([&] {
    found = reader->committed(partitions, call_timeout);
    return found.error();
  });
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(*found, offset(topic_, 3));
}

TEST_F(OffsetsContract, OffsetsOfAnAbortedTransactionNeverShow) {
  ASSERT_TRUE(commit_as(member_, offset(topic_, 3), snapshot()).ok());
  ASSERT_TRUE(producer_->begin_transaction().ok());
  ASSERT_TRUE(add(offset(topic_, 5), snapshot()).ok());
  ASSERT_TRUE(abort(*producer_).ok());

  EXPECT_EQ(stable_offset(topic_), offset(topic_, 3).front());
}

TEST_F(OffsetsContract, AnotherProducerOfTheSameIdAbortsPendingOffsets) {
  ASSERT_TRUE(producer_->begin_transaction().ok());
  ASSERT_TRUE(add(offset(topic_, 5), snapshot()).ok());

  const auto successor = transactional(unique("writer"));

  EXPECT_EQ(stable_offset(topic_), std::nullopt);
}

TEST_F(OffsetsContract, AStaleEpochCannotAddOffsetsAndTheProducerGoesOnAfterAnAbort) {
  ASSERT_TRUE(producer_->begin_transaction().ok());

  const Status status = add(offset(topic_, 5), ahead(snapshot()));

  EXPECT_EQ(status.code(), ErrorCode::stale_member) << status.message();
  EXPECT_TRUE(status.requires_abort());
  EXPECT_FALSE(status.fatal());
  ASSERT_TRUE(abort(*producer_).ok());
  ASSERT_TRUE(producer_->begin_transaction().ok());
  ASSERT_TRUE(add(offset(topic_, 6), snapshot()).ok());
  ASSERT_TRUE(commit(*producer_).ok());
  EXPECT_EQ(stable_offset(topic_), offset(topic_, 6).front());
}

TEST_F(OffsetsContract, AnUnknownMemberCannotAddOffsets) {
  kafka::MemberSnapshot stranger = snapshot();
  stranger.member_id = "stranger";
  ASSERT_TRUE(producer_->begin_transaction().ok());

  const Status status = add(offset(topic_, 5), stranger);

  EXPECT_EQ(status.code(), ErrorCode::stale_member) << status.message();
  EXPECT_TRUE(status.requires_abort());
  EXPECT_TRUE(abort(*producer_).ok());
}

TEST_F(OffsetsContract, RecordsAndOffsetsOfATransactionCountTogether) {
  const TopicHandle handle = producer_->topic(topic_, false);
  ASSERT_TRUE(producer_->begin_transaction().ok());
  send(*producer_, handle, {"a"});
  ASSERT_TRUE(add(offset(topic_, 8), snapshot()).ok());
  const Result<kafka::TransactionEnd> ended = producer_->commit_transaction(patience);

  ASSERT_TRUE(ended.ok()) << ended.error().message();
  EXPECT_TRUE(ended->clean);
  EXPECT_EQ(stable_offset(topic_), offset(topic_, 8).front());
  EXPECT_TRUE(eventually(patience, [&] {
    return read(topic_, kafka::Isolation::read_committed).values() == std::vector<std::string>{"a"};
  }));
}

}  // namespace

}  // namespace moldau
