#pragma once

#include "moldau/kafka/clients.h"

#include "kafka/rdkafka/clients.h"
#include "streams/noting_logger.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace moldau {

using namespace std::chrono_literals;

// Keys of Kafka's requests, as the protocol numbers them.
namespace request {
inline constexpr std::int16_t produce = 0;
inline constexpr std::int16_t fetch = 1;
inline constexpr std::int16_t offset_fetch = 9;
inline constexpr std::int16_t add_partitions = 24;
inline constexpr std::int16_t end_txn = 26;
inline constexpr std::int16_t txn_offset_commit = 28;
}  // namespace request

// librdkafka's own broker for tests: answers by the protocol, and wrongly where it is told to. It
// knows nothing of isolation and fencing.
class MockCluster {
 public:
  MockCluster() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char text[256];
    rd_kafka_conf_set(conf, "log_level", "4", text, sizeof text);
    host_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    cluster_ = rd_kafka_mock_cluster_new(host_, 1);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(host_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  [[nodiscard]] std::string address() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void create(const std::string& topic, int partitions) {
    rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
  }
  // The next requests of that kind are answered so, in turn; RD_KAFKA_RESP_ERR__TRANSPORT breaks
  // the connection instead.
  void fail(std::int16_t request, std::initializer_list<rd_kafka_resp_err_t> errors) {
    rd_kafka_mock_push_request_errors_array(cluster_, request, errors.size(), errors.begin());
  }
  // Answers take that long from now on.
  void slow_down(std::chrono::milliseconds by) {
    rd_kafka_mock_broker_set_rtt(cluster_, 1, static_cast<int>(by.count()));
  }

 private:
  rd_kafka_t* host_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

// Base of the tests against a MockCluster.
class OnMockCluster : public ::testing::Test {
 protected:
  static constexpr std::chrono::milliseconds patience{20'000};

  [[nodiscard]] kafka::ClientSettings settings(kafka::ClientSettings more = {}) const {
    // The mock waits that long before it says that there is nothing.
    more.merge(kafka::ClientSettings{{"bootstrap.servers", cluster_.address()},
                                     {"fetch.wait.max.ms", "10"},
                                     {"retry.backoff.ms", "10"}});
    return more;
  }
  [[nodiscard]] std::unique_ptr<kafka::Producer> producer(const std::string& transactional_id = {},
                                                          kafka::ClientSettings more = {}) {
    auto made = clients_->make_producer({.client_id = "producer",
                                         .transactional_id = transactional_id,
                                         .settings = settings(std::move(more))});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }
  [[nodiscard]] std::unique_ptr<kafka::Producer> in_transaction(const std::string& id) {
    auto made = producer(id);
    EXPECT_TRUE(insist([&] { return made->init_transactions(1s); }).ok());
    EXPECT_TRUE(made->begin_transaction().ok());
    return made;
  }
  [[nodiscard]] std::unique_ptr<kafka::Consumer> consumer(std::size_t max_poll_records = 1000) {
    auto made = clients_->make_consumer({.client_id = "consumer",
                                         .group_id = "group",
                                         .max_poll_records = max_poll_records,
                                         .settings = settings()});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }
  // Repeats a call as long as it asks for that.
  template <class F>
  static Status insist(F call) {
    const auto until = std::chrono::steady_clock::now() + patience;
    Status status = call();
    while (status.retriable() && std::chrono::steady_clock::now() < until) status = call();
    return status;
  }
  static Status send(kafka::Producer& to, TopicHandle topic, const std::string& value) {
    return to.send({.topic = topic,
                    .partition = PartitionId{0},
                    .key = Bytes{"k"},
                    .value = Bytes{value},
                    .timestamp = {}});
  }
  void fill(const std::string& topic, int records, int partitions = 1) {
    const auto writer = producer();
    const TopicHandle handle = writer->topic(topic, false);
    for (int i = 0; i < records; ++i) {
      for (int partition = 0; partition < partitions; ++partition) {
        ASSERT_TRUE(writer
                        ->send({.topic = handle,
                                .partition = PartitionId{partition},
                                .key = Bytes{"k"},
                                .value = Bytes{std::to_string(i)},
                                .timestamp = {}})
                        .ok());
      }
    }
    ASSERT_TRUE(insist([&] { return writer->flush(1s); }).ok());
  }

  MockCluster cluster_;
  std::shared_ptr<NotingLogger> logger_ = std::make_shared<NotingLogger>();
  std::unique_ptr<kafka::KafkaClients> clients_ =
      kafka::rdkafka::make_clients(system_clock(), logger_);
};

}  // namespace moldau
