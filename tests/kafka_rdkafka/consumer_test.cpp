#include "eventually.h"
#include "kafka_rdkafka/mock_cluster.h"

#include <gmock/gmock.h>

#include <thread>

namespace moldau {

namespace {

using kafka::OffsetReset;
using kafka::PartitionEvent;
using kafka::PartitionPosition;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RdKafkaConsumer : public OnMockCluster {
 protected:
  const TopicPartition first_{"topic", PartitionId{0}};
  const TopicPartition second_{"topic", PartitionId{1}};

  void SetUp() override { cluster_.create("topic", 2); }

  static Status assign(kafka::Consumer& to, std::vector<PartitionPosition> positions) {
    return to.assign(positions);
  }
  // Polls until `done` or patience is over; what came is in records_ and events_.
  template <class F>
  bool poll_until(kafka::Consumer& from, F done) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!done()) {
      if (std::chrono::steady_clock::now() > until) return false;
      EXPECT_TRUE(from.poll(50ms, polled_).ok());
      for (kafka::PartitionBatch& batch : polled_.batches) {
        for (auto& record : batch.records) records_[batch.partition].push_back(std::move(record));
      }
      for (const PartitionEvent& event : polled_.events) events_.push_back(event);
      for (const Status& problem : polled_.problems) problems_.push_back(problem);
    }
    return true;
  }
  [[nodiscard]] std::size_t count(const TopicPartition& of) { return records_[of].size(); }
  [[nodiscard]] std::optional<PartitionEvent> seen(PartitionEvent::Kind kind) const {
    for (const PartitionEvent& event : events_) {
      if (event.kind == kind) return event;
    }
    return std::nullopt;
  }

  kafka::Polled polled_;
  std::map<TopicPartition, std::vector<kafka::FetchedRecord>> records_;
  std::vector<PartitionEvent> events_;
  std::vector<Status> problems_;
};

TEST_F(RdKafkaConsumer, AnEmptyKeyOrValueIsNotAMissingOne) {
  const auto writer = producer();
  const TopicHandle topic = writer->topic("topic", false);
  const Headers headers{{"h", ByteBuffer{Bytes{"1"}}}, {"h", std::nullopt}, {"e", ByteBuffer{}}};
  const auto send_this = [&](std::optional<Bytes> key, std::optional<Bytes> value,
                             const Headers& with) {
    ASSERT_TRUE(writer
                    ->send({.topic = topic,
                            .partition = PartitionId{0},
                            .key = key,
                            .value = value,
                            .timestamp = Timestamp{std::int64_t{1'000}},
                            .headers = &with})
                    .ok());
  };
  send_this(Bytes{}, std::nullopt, no_headers());
  send_this(std::nullopt, Bytes{}, headers);
  ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
  const auto reader = consumer();
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());

  ASSERT_TRUE(poll_until(*reader, [&] { return count(first_) == 2; }));

  const auto& records = records_[first_];
  EXPECT_EQ(records[0].key(), Bytes{});
  EXPECT_EQ(records[0].value(), std::nullopt);
  EXPECT_TRUE(records[0].headers().empty());
  EXPECT_EQ(records[0].timestamp(), Timestamp{std::int64_t{1'000}});
  EXPECT_EQ(records[1].key(), std::nullopt);
  EXPECT_EQ(records[1].value(), Bytes{});
  EXPECT_EQ(records[1].headers(), headers);
}

TEST_F(RdKafkaConsumer, EachPartitionGetsItsShareOfAPoll) {
  fill("topic", 1'000, 2);
  const auto reader = consumer(10);
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}},
                               {.partition = second_, .offset = Offset{0}}})
                  .ok());
  // Both have been fetched before either is taken from.
  const std::vector<TopicPartition> both{first_, second_};
  reader->pause(both);
  ASSERT_TRUE(
      poll_until(*reader, [&] { return reader->known_end(first_) && reader->known_end(second_); }));
  reader->resume(both);

  std::map<TopicPartition, std::size_t> before;
  EXPECT_TRUE(poll_until(*reader, [&] {
    const auto more = [&](const TopicPartition& of) { return count(of) - before[of]; };
    const bool shared = more(first_) == 5 && more(second_) == 5;
    before = {{first_, count(first_)}, {second_, count(second_)}};
    return shared;
  }));
}

TEST_F(RdKafkaConsumer, APausedPartitionKeepsWhatWasFetched) {
  fill("topic", 100, 2);
  const auto reader = consumer(10);
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}},
                               {.partition = second_, .offset = Offset{0}}})
                  .ok());
  ASSERT_TRUE(poll_until(*reader, [&] { return count(first_) > 0; }));
  const std::size_t before = count(first_);

  reader->pause({&first_, 1});
  ASSERT_TRUE(poll_until(*reader, [&] { return count(second_) == 100; }));
  EXPECT_EQ(count(first_), before);
  reader->resume({&first_, 1});

  ASSERT_TRUE(poll_until(*reader, [&] { return count(first_) == 100; }));
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_EQ(records_[first_][i].offset(), Offset{static_cast<std::int64_t>(i)});
  }
}

TEST_F(RdKafkaConsumer, RecordsLiveLongerThanTheirConsumer) {
  fill("topic", 3);
  auto reader = consumer();
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());
  ASSERT_TRUE(poll_until(*reader, [&] { return count(first_) == 3; }));

  reader.reset();

  EXPECT_EQ(records_[first_][2].value(), Bytes{"2"});
  records_.clear();
  polled_ = {};
  clients_.reset();  // waits for the client's end
  EXPECT_EQ(logger_->text(), "");
}

TEST_F(RdKafkaConsumer, TheEndIsSaidOnceAndAgainWhenItHasMoved) {
  fill("topic", 3);
  const auto reader = consumer();
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());
  const auto ends = [&] {
    std::vector<std::int64_t> positions;
    for (const PartitionEvent& event : events_) positions.push_back(event.position.value());
    return positions;
  };
  ASSERT_TRUE(poll_until(*reader, [&] { return !events_.empty(); }));

  fill("topic", 2);
  ASSERT_TRUE(poll_until(*reader, [&] { return count(first_) == 5 && ends().back() == 5; }));

  EXPECT_EQ(ends().front(), 3);
  EXPECT_EQ(std::ranges::count(ends(), 3), 1);
  EXPECT_EQ(std::ranges::count(ends(), 5), 1);
}

TEST_F(RdKafkaConsumer, APartitionThatIsStartedAgainBeforeItsTopicIsKnownIsRead) {
  fill("topic", 3);
  const auto reader = consumer();
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());

  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{1}}}).ok());

  EXPECT_TRUE(poll_until(*reader, [&] { return count(first_) == 2; }));
}

TEST_F(RdKafkaConsumer, WhatWasNeverTakenDoesNotHideWhatIsReadLater) {
  fill("topic", 3, 2);
  const auto reader = consumer();
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());
    ASSERT_TRUE(eventually(patience, [&] { return reader->known_end(first_).has_value(); }));
    ASSERT_TRUE(assign(*reader, {{.partition = second_, .offset = Offset{0}}}).ok());
  }

  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());

  EXPECT_TRUE(poll_until(*reader, [&] { return count(first_) == 3; }));
}

TEST_F(RdKafkaConsumer, ALostPositionIsReportedOrReset) {
  fill("topic", 3);
  for (const OffsetReset reset : {OffsetReset::error, OffsetReset::earliest}) {
    cluster_.fail(request::fetch, {RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE});
    const auto reader = consumer();
    ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{1}, .reset = reset}}).ok());

    const bool reported = reset == OffsetReset::error;
    ASSERT_TRUE(poll_until(*reader, [&] {
      return reported ? seen(PartitionEvent::Kind::offset_out_of_range).has_value()
                      : count(first_) == 3;
    }));
    EXPECT_EQ(count(first_), reported ? 0U : 3U);
  }
}

TEST_F(RdKafkaConsumer, APartitionThatMayNotBeReadSaysSo) {
  fill("topic", 1);
  cluster_.fail(request::fetch, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  const auto reader = consumer();
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());

  ASSERT_TRUE(poll_until(*reader, [&] { return seen(PartitionEvent::Kind::error).has_value(); }));

  const PartitionEvent event = *seen(PartitionEvent::Kind::error);
  EXPECT_EQ(event.partition, first_);
  EXPECT_EQ(event.status.code(), ErrorCode::authorization_failed);
  EXPECT_FALSE(event.status.retriable());
}

TEST_F(RdKafkaConsumer, AWakeEndsThePollThatWaits) {
  const auto reader = consumer();
  ASSERT_TRUE(assign(*reader, {{.partition = first_, .offset = Offset{0}}}).ok());
  ASSERT_TRUE(poll_until(*reader, [&] { return !events_.empty(); }));
  const auto begun = std::chrono::steady_clock::now();

  std::thread waker{[&] { reader->wake(); }};
  ASSERT_TRUE(reader->poll(patience, polled_).ok());
  waker.join();
  reader->wake();
  ASSERT_TRUE(reader->poll(patience, polled_).ok());

  EXPECT_LT(std::chrono::steady_clock::now() - begun, patience / 2);
}

TEST_F(RdKafkaConsumer, WithoutAGroupThereAreNoCommittedOffsetsToRead) {
  const auto made =
      clients_->make_consumer({.client_id = "c", .group_id = {}, .settings = settings()});
  ASSERT_TRUE(made.ok()) << made.error().message();

  EXPECT_EQ((*made)->committed({&first_, 1}, 1s).error().code(), ErrorCode::invalid_state);
}

TEST_F(RdKafkaConsumer, NoBrokerIsAProblemThatIsSaidOnce) {
  const auto made = clients_->make_consumer({.client_id = "c",
                                             .group_id = {},
                                             .settings = {{"bootstrap.servers", "127.0.0.1:1"},
                                                          {"reconnect.backoff.ms", "10"},
                                                          {"reconnect.backoff.max.ms", "20"}}});
  ASSERT_TRUE(made.ok()) << made.error().message();
  ASSERT_TRUE(assign(**made, {{.partition = first_, .offset = Offset{0}}}).ok());

  ASSERT_TRUE(poll_until(**made, [&] { return !problems_.empty(); }));
  const auto until = std::chrono::steady_clock::now() + 300ms;
  ASSERT_TRUE(poll_until(**made, [&] { return std::chrono::steady_clock::now() > until; }));

  ASSERT_EQ(problems_.size(), 1U);
  EXPECT_EQ(problems_.front().code(), ErrorCode::transport);
  EXPECT_THAT(std::string{problems_.front().message()}, HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(logger_->text(), "");
}

}  // namespace

}  // namespace moldau
