#include "kafka/contract.h"

// Who is shut out, and how it learns of it.
namespace moldau {

namespace {

using kafka::Isolation;
using ::testing::ElementsAre;

class FencingContract : public KafkaContract {
 protected:
  std::string topic_ = make_topic();
  std::string id_ = unique("writer");

  // Ends as far as it can get, and says why it did not get further.
  static Status end_after_sending(kafka::Producer& producer, TopicHandle topic) {
    if (Status sent = producer.send(record(topic, "zombie")); !sent) return sent;
    if (Status flushed = insist([&] { return producer.flush(call_timeout); }); !flushed) {
      return flushed;
    }
    return commit(producer);
  }
};

TEST_F(FencingContract, ASecondProducerEndsTheTransactionOfTheFirst) {
  const auto first = transactional(id_);
  const TopicHandle topic = first->topic(topic_, false);
  ASSERT_TRUE(first->begin_transaction().ok());
  send(*first, topic, {"lost"});

  const auto second = transactional(id_);
  ASSERT_TRUE(second->begin_transaction().ok());
  send(*second, second->topic(topic_, false), {"kept"});
  ASSERT_TRUE(commit(*second).ok());

  ASSERT_TRUE(eventually(
      patience, [&] { return range(topic_, Isolation::read_committed).end == Offset{4}; }));
  EXPECT_THAT(read(topic_, Isolation::read_committed).values(), ElementsAre("kept"));
}

TEST_F(FencingContract, AFencedProducerIsOfNoMoreUse) {
  const auto first = transactional(id_);
  const TopicHandle topic = first->topic(topic_, false);
  ASSERT_TRUE(first->begin_transaction().ok());
  send(*first, topic, {"lost"});
  const auto second = transactional(id_);

  const Status status = end_after_sending(*first, topic);

  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(status.fenced() || status.fatal() || status.requires_abort()) << status.message();
  EXPECT_FALSE(commit(*first).ok());
  ASSERT_TRUE(second->begin_transaction().ok());
  EXPECT_TRUE(commit(*second).ok());
  EXPECT_THAT(read(topic_, Isolation::read_committed).values(), ::testing::IsEmpty());
}

TEST_F(FencingContract, TheBrokerEndsATransactionThatTakesTooLong) {
  const auto slow = transactional(id_, {{"transaction.timeout.ms", "1000"}});
  const TopicHandle topic = slow->topic(topic_, false);
  ASSERT_TRUE(slow->begin_transaction().ok());
  send(*slow, topic, {"lost"});

  EXPECT_TRUE(eventually(
      patience, [&] { return range(topic_, Isolation::read_committed).end == Offset{2}; }));

  EXPECT_FALSE(commit(*slow).ok());
  EXPECT_THAT(read(topic_, Isolation::read_committed).values(), ::testing::IsEmpty());
}

TEST_F(FencingContract, AProducerGoesOnAfterAnAbort) {
  const auto writer = transactional(id_);
  const TopicHandle topic = writer->topic(topic_, false);
  ASSERT_TRUE(writer->begin_transaction().ok());
  send(*writer, topic, {"dropped"});
  ASSERT_TRUE(abort(*writer).ok());

  ASSERT_TRUE(writer->begin_transaction().ok());
  send(*writer, topic, {"kept"});
  ASSERT_TRUE(commit(*writer).ok());

  EXPECT_TRUE(eventually(patience, [&] {
    return read(topic_, Isolation::read_committed).values() == std::vector<std::string>{"kept"};
  }));
}

TEST_F(FencingContract, CallsAtTheWrongMomentAreRefused) {
  const auto writer = transactional(id_);
  const TopicHandle topic = writer->topic(topic_, false);

  EXPECT_FALSE(writer->commit_transaction(call_timeout).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  EXPECT_FALSE(writer->begin_transaction().ok());
  send(*writer, topic, {"kept"});
  EXPECT_TRUE(commit(*writer).ok());
}

}  // namespace

}  // namespace moldau
