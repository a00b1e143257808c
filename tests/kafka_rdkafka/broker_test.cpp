#include "broker/address.h"
#include "eventually.h"
#include "kafka/rdkafka/clients.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/make_connection.h"
#include "kafka/wire/transaction_fence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

// What tests/kafka does not ask of every implementation, and the mock cluster cannot do:
// transactions.
namespace moldau {

namespace {

using namespace std::chrono_literals;
using kafka::PartitionEvent;

constexpr std::chrono::milliseconds patience{30'000};

class RdKafkaOnABroker : public ::testing::Test {
 protected:
  void SetUp() override {
    auto admin = clients_->make_admin({.client_id = "admin", .settings = settings_});
    ASSERT_TRUE(admin.ok()) << admin.error().message();
    const kafka::NewTopic topic{.name = topic_, .partitions = 1, .config = {}};
    ASSERT_TRUE((*admin)->create_topics({&topic, 1}, patience).ok());
    auto writer = clients_->make_producer(
        {.client_id = "writer", .transactional_id = topic_ + "-writer", .settings = settings_});
    ASSERT_TRUE(writer.ok()) << writer.error().message();
    writer_ = *std::move(writer);
    handle_ = writer_->topic(topic_, false);
    ASSERT_TRUE(insist([&] { return writer_->init_transactions(1s); }).ok());
  }

  template <class F>
  static Status insist(F call) {
    Status status;
    static_cast<void>(eventually(patience, [&] {
      status = call();
      return !status.retriable();
    }));
    return status;
  }
  void begin_and_send() {
    ASSERT_TRUE(writer_->begin_transaction().ok());
    ASSERT_TRUE(writer_
                    ->send({.topic = handle_,
                            .partition = partition_.partition,
                            .key = {},
                            .value = Bytes{"v"},
                            .timestamp = {}})
                    .ok());
    ASSERT_TRUE(insist([&] { return writer_->flush(1s); }).ok());
  }
  void commit() {
    ASSERT_TRUE(insist([&] { return writer_->commit_transaction(1s).error(); }).ok());
  }
  // Reads to the first end that is told.
  std::optional<Offset> read_to_end(kafka::Consumer& reader) {
    const kafka::PartitionPosition position{.partition = partition_, .offset = Offset{0}};
    EXPECT_TRUE(reader.assign({&position, 1}).ok());
    kafka::Polled polled;
    std::optional<Offset> end;
    static_cast<void>(eventually(patience, [&] {
      EXPECT_TRUE(reader.poll(100ms, polled).ok());
      for (const PartitionEvent& event : polled.events) {
        if (event.kind == PartitionEvent::Kind::end_of_partition) end = event.position;
      }
      return end.has_value();
    }));
    return end;
  }
  [[nodiscard]] std::unique_ptr<kafka::Consumer> consumer(const std::string& longest_wait) {
    kafka::ClientSettings settings = settings_;
    settings.emplace("fetch.wait.max.ms", longest_wait);
    auto made = clients_->make_consumer(
        {.client_id = "reader", .group_id = {}, .settings = std::move(settings)});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }

  const std::string topic_ = "rdkafka-" + std::to_string(std::random_device{}());
  const TopicPartition partition_{topic_, PartitionId{0}};
  const kafka::ClientSettings settings_{{"bootstrap.servers", broker_address()}};
  std::unique_ptr<kafka::KafkaClients> clients_ =
      kafka::rdkafka::make_clients(system_clock(), make_console_logger(LogLevel::warning));
  std::unique_ptr<kafka::Producer> writer_;
  TopicHandle handle_;
};

TEST_F(RdKafkaOnABroker, AnEndBehindAMarkerIsToldBeforeTheNextAnswer) {
  begin_and_send();
  commit();
  const auto reader = consumer("20000");
  const auto begun = std::chrono::steady_clock::now();

  const std::optional<Offset> end = read_to_end(*reader);

  EXPECT_EQ(end, Offset{2});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

TEST_F(RdKafkaOnABroker, TheKnownEndIsTheLastStableOffsetOnceItHasBeenReached) {
  begin_and_send();
  commit();
  begin_and_send();
  const auto reader = consumer("100");

  EXPECT_EQ(read_to_end(*reader), Offset{2});
  EXPECT_EQ(reader->known_end(partition_), Offset{2});
  commit();
}

TEST_F(RdKafkaOnABroker, AFenceAloneEndsTheTransactionOfAnOlderProducer) {
  begin_and_send();
  using kafka::wire::TransactionFence;
  TransactionFence fence{*kafka::wire::make_connection(settings_, system_clock()),
                         {.transactional_id = topic_ + "-writer",
                          .client_id = "fence",
                          .servers = *kafka::wire::parse_bootstrap_servers(broker_address()),
                          .transaction_timeout = 10s},
                         system_clock()};

  auto progress = TransactionFence::Progress::not_ended;
  static_cast<void>(eventually(patience, [&] {
    progress = fence.advance(100ms);
    return progress != TransactionFence::Progress::not_ended;
  }));

  EXPECT_EQ(progress, TransactionFence::Progress::ended);
  EXPECT_EQ(read_to_end(*consumer("100")), Offset{2}) << "behind the marker";
  const Status committed = insist([&] { return writer_->commit_transaction(1s).error(); });
  EXPECT_FALSE(committed.ok());
  EXPECT_TRUE(committed.fenced() || committed.fatal()) << committed.message();
}

}  // namespace

}  // namespace moldau
