#include "golden/golden.h"
#include "golden/hex.h"
#include "kafka_rdkafka/mock_cluster.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace moldau {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RdKafkaProducer : public OnMockCluster {
 protected:
  void SetUp() override {
    cluster_.create("topic", 1);
    kafka::CommittedOffset offset;
    offset.partition = {"in", PartitionId{0}};
    offset.next = Offset{7};
    offset.metadata = "bQ==";
    offsets_.push_back(offset);
  }

  std::vector<kafka::CommittedOffset> offsets_;
  const kafka::MemberSnapshot member_{.member_id = "member", .epoch = MemberEpoch{3}, .owned = {}};
};

TEST_F(RdKafkaProducer, ABrokenConnectionWhileSendingLosesNothing) {
  const auto writer = producer();
  const TopicHandle topic = writer->topic("topic", true);
  cluster_.fail(request::produce, {RD_KAFKA_RESP_ERR__TRANSPORT});

  ASSERT_TRUE(send(*writer, topic, "a").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

  const kafka::Deliveries deliveries = writer->take_deliveries();
  EXPECT_TRUE(deliveries.failed.empty());
  ASSERT_EQ(deliveries.acked.size(), 1U);
}

TEST_F(RdKafkaProducer, TooFewReplicasAndAMovedLeaderAreWaitedForInOrder) {
  const auto writer = producer();
  const TopicHandle topic = writer->topic("topic", true);
  cluster_.fail(request::produce,
                {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                 RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND});

  for (int i = 0; i < 20; ++i) ASSERT_TRUE(send(*writer, topic, std::to_string(i)).ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

  EXPECT_TRUE(writer->take_deliveries().failed.empty());
  const auto reader = consumer();
  const std::vector<kafka::PartitionPosition> from{
      {{"topic", PartitionId{0}}, Offset{0}, kafka::OffsetReset::error}};
  ASSERT_TRUE(reader->assign(from).ok());
  std::vector<std::string> read;
  const auto until = std::chrono::steady_clock::now() + patience;
  while (read.size() < 20 && std::chrono::steady_clock::now() < until) {
    kafka::Polled polled;
    ASSERT_TRUE(reader->poll(100ms, polled).ok());
    for (const kafka::PartitionBatch& batch : polled.batches) {
      for (const kafka::FetchedRecord& record : batch.records) {
        read.emplace_back(record.value()->text());
      }
    }
  }
  ASSERT_GE(read.size(), 20U);
  // The mock keeps what it refuses afterwards, and does not know numbers of batches: a repetition
  // may be there, a change of order may not.
  EXPECT_TRUE(
      std::ranges::is_sorted(read, {}, [](const std::string& text) { return std::stoi(text); }));
}

// Something that was sent may be in the log, and something after it refused: whoever made the
// producer begins again at the last commit, with another one.
TEST_F(RdKafkaProducer, AGapInItsNumbersEndsTheProducerAndNotTheProcess) {
  const auto writer = in_transaction("id");
  const TopicHandle topic = writer->topic("topic", false);
  ASSERT_TRUE(send(*writer, topic, "a").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
  cluster_.fail(request::produce, {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER});
  ASSERT_TRUE(send(*writer, topic, "b").ok());
  static_cast<void>(insist([&] { return writer->flush(1s); }));

  const Status status = insist([&] { return writer->commit_transaction(1s).error(); });

  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(status.fatal() || status.requires_abort()) << status.message();
  const auto next = in_transaction("id");
  ASSERT_TRUE(send(*next, next->topic("topic", false), "b").ok());
  EXPECT_TRUE(insist([&] { return next->commit_transaction(1s).error(); }).ok());
}

TEST_F(RdKafkaProducer, ARecordThatTheBrokerRefusesComesBack) {
  const auto writer = producer();
  const TopicHandle topic = writer->topic("topic", true);
  cluster_.fail(request::produce, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  const Headers headers{{"name", ByteBuffer{Bytes{"value"}}}};

  ASSERT_TRUE(writer
                  ->send({.topic = topic,
                          .partition = PartitionId{0},
                          .key = Bytes{"key"},
                          .value = std::nullopt,
                          .timestamp = Timestamp{std::int64_t{42}},
                          .headers = &headers})
                  .ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

  const kafka::Deliveries deliveries = writer->take_deliveries();
  ASSERT_EQ(deliveries.failed.size(), 1U);
  const kafka::FailedRecord& failed = deliveries.failed.front();
  EXPECT_EQ(failed.status.code(), ErrorCode::authorization_failed);
  EXPECT_EQ(failed.topic, "topic");
  EXPECT_EQ(failed.partition, PartitionId{0});
  EXPECT_EQ(failed.key, ByteBuffer{Bytes{"key"}});
  EXPECT_EQ(failed.value, std::nullopt);
  EXPECT_EQ(failed.timestamp, Timestamp{std::int64_t{42}});
  EXPECT_EQ(failed.headers, headers);
}

TEST_F(RdKafkaProducer, AFullQueueIsSaidAndEmptiesByItself) {
  const auto writer = producer({}, {{"queue.buffering.max.messages", "2"}, {"linger.ms", "50"}});
  const TopicHandle topic = writer->topic("topic", false);
  ASSERT_TRUE(send(*writer, topic, "a").ok());
  ASSERT_TRUE(send(*writer, topic, "b").ok());

  EXPECT_EQ(send(*writer, topic, "c").code(), ErrorCode::queue_full);

  EXPECT_TRUE(insist([&] {
                static_cast<void>(writer->take_deliveries());
                return send(*writer, topic, "c");
              }).ok());
}

TEST_F(RdKafkaProducer, ARecordLargerThanARequestIsRefusedAtOnce) {
  const auto writer = producer({}, {{"message.max.bytes", "2000"}});

  const Status status = send(*writer, writer->topic("topic", false), std::string(5'000, 'x'));

  EXPECT_EQ(status.code(), ErrorCode::message_too_large);
  EXPECT_FALSE(status.retriable());
}

TEST_F(RdKafkaProducer, ANegativeTimestampIsRefused) {
  const auto writer = producer();

  const Status status = writer->send({.topic = writer->topic("topic", false),
                                      .partition = PartitionId{0},
                                      .key = Bytes{"k"},
                                      .value = Bytes{"v"},
                                      .timestamp = Timestamp::unknown()});

  EXPECT_EQ(status.code(), ErrorCode::invalid_request);
  EXPECT_THAT(std::string{status.message()}, HasSubstr("negative timestamp -1"));
}

TEST_F(RdKafkaProducer, ThePartitionOfAKeyIsThatOfJava) {
  cluster_.create("six", 6);
  const auto writer = producer();
  const TopicHandle topic = writer->topic("six", true);
  const nlohmann::json golden = read_golden("murmur2.json");

  for (const auto& vector : golden["vectors"]) {
    const ByteBuffer key = from_hex(vector["key"].get<std::string>());
    ASSERT_TRUE(
        writer
            ->send(
                {.topic = topic, .partition = {}, .key = key, .value = Bytes{"v"}, .timestamp = {}})
            .ok());
    ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

    const kafka::Deliveries deliveries = writer->take_deliveries();
    ASSERT_EQ(deliveries.acked.size(), 1U);
    EXPECT_EQ(deliveries.acked[0].partition.value(),
              vector["partition_for"]["6"].get<std::int32_t>())
        << "key " << vector["key"];
  }
}

TEST_F(RdKafkaProducer, ATransactionThatEndsAtOnceEndsCleanly) {
  const auto writer = in_transaction("id");
  ASSERT_TRUE(send(*writer, writer->topic("topic", false), "a").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

  const auto ended = writer->commit_transaction(patience);

  ASSERT_TRUE(ended.ok()) << ended.error().message();
  EXPECT_TRUE(ended->clean);
}

TEST_F(RdKafkaProducer, ATransactionThatMayNotHaveAPartitionSaysSoAndNotWhatWasInIt) {
  const auto writer = in_transaction("id");
  cluster_.fail(request::add_partitions, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  ASSERT_TRUE(send(*writer, writer->topic("topic", false), "what is secret").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

  const kafka::Deliveries deliveries = writer->take_deliveries();

  ASSERT_EQ(deliveries.failed.size(), 1U);
  const Status& status = deliveries.failed.front().status;
  EXPECT_EQ(status.code(), ErrorCode::authorization_failed);
  EXPECT_TRUE(status.requires_abort());
  EXPECT_FALSE(status.retriable());
  EXPECT_THAT(std::string{status.message()},
              AllOf(HasSubstr("topic topic"), HasSubstr("TOPIC_AUTHORIZATION_FAILED"),
                    Not(HasSubstr("secret"))));
  EXPECT_TRUE(insist([&]() -> Status {
                const auto ended = writer->abort_transaction(1s);
                return ended ? Status{} : ended.error();
              }).ok());
}

TEST_F(RdKafkaProducer, RecordsOfAnAbortedTransactionDoNotBeginTheNext) {
  const auto writer = in_transaction("id");
  cluster_.slow_down(200ms);
  ASSERT_TRUE(send(*writer, writer->topic("topic", false), "a").ok());

  ASSERT_TRUE(insist([&]() -> Status {
                const auto ended = writer->abort_transaction(2s);
                return ended ? Status{} : ended.error();
              }).ok());
  static_cast<void>(writer->take_deliveries());

  EXPECT_TRUE(writer->begin_transaction().ok());
}

TEST_F(RdKafkaProducer, AnEndWhoseAnswerWasLostIsNotClean) {
  for (const bool commits : {true, false}) {
    const auto writer = in_transaction("id");
    ASSERT_TRUE(send(*writer, writer->topic("topic", false), "a").ok());
    ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
    cluster_.fail(request::end_txn, {RD_KAFKA_RESP_ERR__TRANSPORT});

    const auto ended =
        commits ? writer->commit_transaction(patience) : writer->abort_transaction(patience);

    ASSERT_TRUE(ended.ok()) << ended.error().message();
    EXPECT_FALSE(ended->clean);
  }
}

TEST_F(RdKafkaProducer, AnEndThatWasAskedForAgainAfterAnAnswerIsClean) {
  const auto writer = in_transaction("id");
  ASSERT_TRUE(send(*writer, writer->topic("topic", false), "a").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
  cluster_.fail(request::end_txn, {RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS});

  const auto ended = writer->commit_transaction(patience);

  ASSERT_TRUE(ended.ok()) << ended.error().message();
  EXPECT_TRUE(ended->clean);
}

TEST_F(RdKafkaProducer, ACommitIsWaitedForInPieces) {
  const auto writer = in_transaction("id");
  ASSERT_TRUE(send(*writer, writer->topic("topic", false), "a").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
  cluster_.slow_down(300ms);

  const auto first = writer->commit_transaction(20ms);
  ASSERT_FALSE(first.ok());
  EXPECT_TRUE(first.error().retriable()) << first.error().message();

  Result<kafka::TransactionEnd> ended{Status{}};
  EXPECT_TRUE(insist([&] {
                ended = writer->commit_transaction(20ms);
                return ended.error();
              }).ok());
  EXPECT_TRUE(ended->clean);
}

TEST_F(RdKafkaProducer, AddingOffsetsIsWaitedForInPieces) {
  const auto writer = in_transaction("id");
  cluster_.slow_down(200ms);
  const auto add = [&] { return writer->add_offsets("group", offsets_, member_, 20ms); };

  const Status first = add();
  EXPECT_TRUE(first.retriable()) << first.message();

  const Status last = insist(add);
  EXPECT_TRUE(last.ok()) << last.message();
  EXPECT_TRUE(insist([&] { return writer->commit_transaction(1s).error(); }).ok());
}

TEST_F(RdKafkaProducer, AbortingWaitsForOffsetsThatAreBeingAdded) {
  const auto writer = in_transaction("id");
  cluster_.slow_down(200ms);
  ASSERT_TRUE(writer->add_offsets("group", offsets_, member_, 1ms).retriable());

  EXPECT_TRUE(insist([&] { return writer->abort_transaction(20ms).error(); }).ok());
  EXPECT_TRUE(writer->begin_transaction().ok());
}

TEST_F(RdKafkaProducer, OffsetsOfAStaleMemberMustBeAborted) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID}) {
    const auto writer = in_transaction("id");
    cluster_.fail(request::txn_offset_commit, {error});

    const Status status =
        insist([&] { return writer->add_offsets("group", offsets_, member_, 1s); });

    EXPECT_EQ(status.code(), ErrorCode::stale_member) << status.message();
    EXPECT_TRUE(status.requires_abort());
    EXPECT_FALSE(status.fatal());
    EXPECT_TRUE(insist([&] { return writer->abort_transaction(1s).error(); }).ok());
  }
}

TEST_F(RdKafkaProducer, ATransactionThatLostARecordTakesNoMoreAndMustBeAborted) {
  const auto writer = in_transaction("id");
  const TopicHandle topic = writer->topic("topic", false);
  cluster_.fail(request::produce, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  ASSERT_TRUE(send(*writer, topic, "a").ok());
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());

  const Status status = send(*writer, topic, "b");

  EXPECT_EQ(status.code(), ErrorCode::invalid_state) << status.message();
  EXPECT_TRUE(status.requires_abort());
  EXPECT_FALSE(status.fatal());
  EXPECT_TRUE(insist([&] { return writer->abort_transaction(1s).error(); }).ok());
  EXPECT_TRUE(writer->begin_transaction().ok());
}

TEST_F(RdKafkaProducer, AFencedProducerSaysSoAndStaysUseless) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH}) {
    const auto writer = in_transaction("id");
    const TopicHandle topic = writer->topic("topic", false);
    ASSERT_TRUE(send(*writer, topic, "a").ok());
    ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
    cluster_.fail(request::end_txn, {error});

    const Status status = insist([&] { return writer->commit_transaction(1s).error(); });

    EXPECT_EQ(status.code(), ErrorCode::producer_fenced) << status.message();
    EXPECT_TRUE(status.fatal() && status.fenced());
    EXPECT_TRUE(send(*writer, topic, "b").fatal());
    EXPECT_TRUE(writer->begin_transaction().fatal());
  }
}

TEST_F(RdKafkaProducer, CallsAtTheWrongMomentAreRefused) {
  const auto writer = producer("id");

  EXPECT_EQ(writer->begin_transaction().code(), ErrorCode::invalid_state);
  EXPECT_FALSE(writer->commit_transaction(100ms).ok());
}

TEST_F(RdKafkaProducer, ABrokerThatIsAwayIsNamedInTheTimeOut) {
  const auto made = clients_->make_producer({.client_id = "p",
                                             .transactional_id = "id",
                                             .settings = {{"bootstrap.servers", "127.0.0.1:1"}}});
  ASSERT_TRUE(made.ok());

  Status status;
  const auto until = std::chrono::steady_clock::now() + patience;
  do {
    status = (*made)->init_transactions(50ms);
  } while (status.message().find("127.0.0.1:1") == std::string_view::npos &&
           std::chrono::steady_clock::now() < until);

  EXPECT_TRUE(status.retriable());
  EXPECT_THAT(std::string{status.message()}, HasSubstr("127.0.0.1:1"));
}

TEST_F(RdKafkaProducer, EndsWithoutWaitingForABrokerThatIsAway) {
  const auto begun = std::chrono::steady_clock::now();
  {
    auto writer = clients_->make_producer({.client_id = "p",
                                           .transactional_id = {},
                                           .settings = {{"bootstrap.servers", "127.0.0.1:1"}}});
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(send(**writer, (*writer)->topic("topic", false), "a").ok());
    (*writer)->purge();
  }
  clients_.reset();

  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_EQ(logger_->text(), "");
}

}  // namespace

}  // namespace moldau
