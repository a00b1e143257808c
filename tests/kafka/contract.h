#pragma once

#include "moldau/kafka/clients.h"

#include "eventually.h"
#include "kafka/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace moldau {

using namespace std::chrono_literals;

inline constexpr std::chrono::milliseconds patience{30'000};
inline constexpr std::chrono::milliseconds call_timeout{1'000};

// What a reader saw from one partition.
struct Seen {
  std::vector<kafka::FetchedRecord> records;
  std::optional<Offset> end;  // where the end-of-partition event stood

  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<std::string> values;
    for (const kafka::FetchedRecord& record : records) {
      values.emplace_back(record.value() ? record.value()->text() : "(null)");
    }
    return values;
  }
  [[nodiscard]] std::vector<std::int64_t> offsets() const {
    std::vector<std::int64_t> offsets;
    for (const kafka::FetchedRecord& record : records) offsets.push_back(record.offset().value());
    return offsets;
  }
};

// Base of the contract tests: names that no other test uses, clients, and reading to the end.
class KafkaContract : public ::testing::Test {
 protected:
  [[nodiscard]] std::string unique(const std::string& name) const {
    return name + "-" + std::to_string(suffix_);
  }

  // Repeats a call as long as it asks for that.
  static Status insist(const std::function<Status()>& call) {
    Status status;
    static_cast<void>(eventually(patience, [&] {
      status = call();
      return !status.retriable();
    }));
    return status;
  }

  [[nodiscard]] std::unique_ptr<kafka::Admin> admin() {
    auto made =
        world_->clients().make_admin({.client_id = "admin", .settings = world_->settings()});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }

  // A new topic that all clients can use.
  std::string make_topic(std::int32_t partitions = 1, const kafka::TopicConfig& config = {},
                         const std::string& name = "topic") {
    const auto client = admin();
    const kafka::NewTopic topic{.name = unique(name), .partitions = partitions, .config = config};
    const Status made = insist([&] { return client->create_topics({&topic, 1}, patience); });
    EXPECT_TRUE(made.ok()) << made.message();
    EXPECT_TRUE(
        eventually(patience, [&] { return partitions_of(*client, topic.name) == partitions; }));
    return topic.name;
  }

  static std::int32_t partitions_of(kafka::Admin& client, const std::string& topic) {
    const auto found = client.describe_topics({&topic, 1}, patience);
    return found.ok() && found->size() == 1 ? found->front().partitions : -1;
  }

  [[nodiscard]] kafka::OffsetRange range(const std::string& topic, kafka::Isolation isolation) {
    const auto client = admin();
    const TopicPartition partition{topic, PartitionId{0}};
    kafka::OffsetRange found;
    const Status status = insist([&] {
      const auto ranges = client->list_offsets({&partition, 1}, isolation, call_timeout);
      if (ranges) found = ranges->front();
      return ranges.error();
    });
    EXPECT_TRUE(status.ok()) << status.message();
    return found;
  }

  [[nodiscard]] std::unique_ptr<kafka::Producer> producer(const std::string& transactional_id = {},
                                                          kafka::ClientSettings settings = {}) {
    settings.merge(world_->settings());
    auto made = world_->clients().make_producer({.client_id = "producer",
                                                 .transactional_id = transactional_id,
                                                 .settings = std::move(settings)});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }
  // With init_transactions() done.
  [[nodiscard]] std::unique_ptr<kafka::Producer> transactional(
      const std::string& id, const kafka::ClientSettings& settings = {}) {
    auto made = producer(id, settings);
    const Status ready = insist([&] { return made->init_transactions(call_timeout); });
    EXPECT_TRUE(ready.ok()) << ready.message();
    return made;
  }

  [[nodiscard]] std::unique_ptr<kafka::Consumer> consumer(
      kafka::Isolation isolation = kafka::Isolation::read_committed, const std::string& group = {},
      std::size_t max_poll_records = 1000) {
    auto made = world_->clients().make_consumer({.client_id = "consumer",
                                                 .group_id = group,
                                                 .isolation = isolation,
                                                 .max_poll_records = max_poll_records,
                                                 .settings = world_->settings()});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *std::move(made);
  }

  static OutgoingRecord record(TopicHandle topic, const std::string& value,
                               PartitionId partition = PartitionId{0}) {
    return {.topic = topic,
            .partition = partition,
            .key = Bytes{"k"},
            .value = Bytes{value},
            .timestamp = {}};
  }
  static void send(kafka::Producer& to, TopicHandle topic,
                   std::initializer_list<std::string> values) {
    for (const std::string& value : values) {
      const Status sent = to.send(record(topic, value));
      EXPECT_TRUE(sent.ok()) << sent.message();
    }
    flush(to);
  }
  static void flush(kafka::Producer& to) {
    const Status flushed = insist([&] { return to.flush(call_timeout); });
    EXPECT_TRUE(flushed.ok()) << flushed.message();
  }
  static Status commit(kafka::Producer& of) {
    return insist([&] { return of.commit_transaction(call_timeout).error(); });
  }
  static Status abort(kafka::Producer& of) {
    return insist([&] { return of.abort_transaction(call_timeout).error(); });
  }

  // Everything from `from` to the end as this isolation sees it.
  [[nodiscard]] Seen read(const std::string& topic, kafka::Isolation isolation,
                          Offset from = Offset{0}) {
    const auto reader = consumer(isolation);
    const kafka::PartitionPosition position{.partition = {topic, PartitionId{0}}, .offset = from};
    EXPECT_TRUE(reader->assign({&position, 1}).ok());
    Seen seen;
    EXPECT_TRUE(eventually(patience, [&] {
      take(*reader, seen);
      return seen.end.has_value();
    }));
    return seen;
  }
  // One poll. For consumers of one partition.
  static void take(kafka::Consumer& from, Seen& seen,
                   std::chrono::milliseconds timeout = call_timeout) {
    kafka::Polled polled;
    const Status status = from.poll(timeout, polled);
    EXPECT_TRUE(status.ok()) << status.message();
    for (kafka::PartitionBatch& batch : polled.batches) {
      std::move(batch.records.begin(), batch.records.end(), std::back_inserter(seen.records));
    }
    for (const kafka::PartitionEvent& event : polled.events) {
      if (event.kind == kafka::PartitionEvent::Kind::end_of_partition) seen.end = event.position;
    }
  }

  std::unique_ptr<World> world_ = make_world();
  const std::uint32_t suffix_ = std::random_device{}();
};

}  // namespace moldau
