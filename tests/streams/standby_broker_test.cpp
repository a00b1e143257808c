// Two instances on a real broker, one of which stops: how long nobody processes, and what is read
// again. Prints the gap. By either group protocol.

#include "moldau/moldau.h"

#include "base/temporary_folder.h"
#include "broker/address.h"
#include "eventually.h"
#include "kafka/rdkafka/clients.h"
#include "streams/readings.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <ostream>
#include <random>
#include <string>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using Text = std::string;

constexpr std::chrono::seconds patience{60};
constexpr int partitions = 2;
constexpr int keys = 2'000;

struct Kind {
  StoreType store;
  GroupProtocol protocol;
  const char* name;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class StandbysOnABroker : public ::testing::TestWithParam<Kind> {
 protected:
  StandbysOnABroker() {
    const auto admin = *clients_->make_admin({.client_id = "test", .settings = settings_});
    const std::vector<kafka::NewTopic> topics{
        {.name = topic_, .partitions = partitions, .config = {}}};
    EXPECT_TRUE(admin->create_topics(topics, 10s).ok());
    producer_ = *clients_->make_producer(
        {.client_id = "test", .transactional_id = {}, .settings = settings_});
    input_ = producer_->topic(topic_, false);
    const Text command = Text{MOLDAU_BROKER_SCRIPT} + " group " + address_ + " " + application_ +
                         " streams.num.standby.replicas=1 >/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }

  [[nodiscard]] std::unique_ptr<Streams> start_on(const Text& machine, Readings& readings,
                                                  int standbys = 1) {
    StreamsBuilder builder;
    builder.stream<Text, Text>(topic_).group_by_key().count(
        {.name = "counts", .type = GetParam().store, .caching = false});
    Config config{.application_id = application_};
    config.bootstrap_servers = address_;
    config.state_dir = folder_.path() / machine;
    config.processing_guarantee = ProcessingGuarantee::exactly_once_v2;
    config.group_protocol = GetParam().protocol;
    // A streams group has it from the broker.
    if (GetParam().protocol == GroupProtocol::classic) config.num_standby_replicas = standbys;
    config.logger = make_console_logger(LogLevel::warning);
    auto streams = std::make_unique<Streams>(builder.build(), std::move(config));
    streams->set_restore_listener(&readings);
    streams->set_standby_listener(&readings);
    streams->start();
    return streams;
  }

  // One record of each key.
  void produce() {
    for (int i = 0; i < keys; ++i) {
      const Text key = "key-" + std::to_string(i);
      while (!producer_
                  ->send({.topic = input_,
                          .partition = PartitionId{i % partitions},
                          .key = Bytes{key},
                          .value = Bytes{std::string_view{"x"}},
                          .timestamp = system_clock().wall()})
                  .ok()) {
        static_cast<void>(producer_->flush(100ms));
      }
    }
    ASSERT_TRUE(eventually(patience, [&] { return producer_->flush(1s).ok(); }));
  }
  // Records of the changelog, aborted ones left out.
  [[nodiscard]] bool processed(int records) {
    const auto reader =
        *clients_->make_consumer({.client_id = "test", .group_id = {}, .settings = settings_});
    std::vector<kafka::PartitionPosition> positions;
    for (int i = 0; i < partitions; ++i) {
      positions.push_back(
          {.partition = {application_ + "-counts-changelog", PartitionId{i}}, .offset = Offset{0}});
    }
    EXPECT_TRUE(reader->assign(positions).ok());
    int seen = 0;
    kafka::Polled polled;
    return eventually(patience, [&] {
      EXPECT_TRUE(reader->poll(10ms, polled).ok());
      seen += static_cast<int>(polled.record_count());
      return seen >= records;
    });
  }
  [[nodiscard]] static std::uint64_t read(const Readings& readings) {
    std::uint64_t records = 0;
    for (int i = 0; i < partitions; ++i) records += readings.loaded(i) + readings.restored(i);
    return records;
  }
  [[nodiscard]] static std::uint64_t restored(const Readings& readings) {
    return readings.restored(0) + readings.restored(1);
  }

  const Text suffix_ = std::to_string(std::random_device{}());
  const Text application_ = "standby-" + suffix_;
  const Text topic_ = "standby-input-" + suffix_;
  const Text address_ = broker_address();
  const kafka::ClientSettings settings_{{"bootstrap.servers", address_}};
  std::unique_ptr<kafka::KafkaClients> clients_ =
      kafka::rdkafka::make_clients(system_clock(), make_console_logger(LogLevel::warning));
  std::unique_ptr<kafka::Producer> producer_;
  TopicHandle input_;
  TemporaryFolder folder_;
};

TEST_P(StandbysOnABroker, TakeOverWithoutReadingAgainWhatTheyHave) {
  Readings ignored;
  Readings readings;
  const auto leaves = start_on("a", ignored);
  ASSERT_TRUE(eventually(patience, [&] { return leaves->state() == StreamsState::running; }));
  produce();
  ASSERT_TRUE(processed(keys));
  const auto stays = start_on("b", readings);
  // Each partition is there by now, of a task that runs or of a standby.
  ASSERT_TRUE(eventually(patience, [&] { return read(readings) == keys; })) << read(readings);
  const std::uint64_t before = restored(readings);

  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(leaves->close());
  const auto closed = std::chrono::steady_clock::now();
  produce();
  ASSERT_TRUE(processed(2 * keys));
  const auto end = std::chrono::steady_clock::now();

  using Milliseconds = std::chrono::duration<double, std::milli>;
  const std::uint64_t again = restored(readings) - before;
  std::printf(
      "close() took %.0f ms; from its end to the last of %d new records: %.0f ms; records "
      "restored at the promotion: %llu of %d\n",
      Milliseconds{closed - start}.count(), keys, Milliseconds{end - closed}.count(),
      static_cast<unsigned long long>(again), keys);
  EXPECT_EQ(again, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StandbysOnABroker,
    ::testing::Values(Kind{StoreType::rocksdb, GroupProtocol::streams, "OnDisk"},
                      Kind{StoreType::in_memory, GroupProtocol::streams, "InMemory"},
                      Kind{StoreType::rocksdb, GroupProtocol::classic, "OnDiskInAClassicGroup"},
                      Kind{StoreType::in_memory, GroupProtocol::classic,
                           "InMemoryInAClassicGroup"}),
    [](const auto& test) { return test.param.name; });

class RestartsInAClassicGroup : public StandbysOnABroker {};

TEST_P(RestartsInAClassicGroup, MoveNoTaskIfTheInstanceRemains) {
  Readings ignored;
  Readings others;
  auto restarted = start_on("a", ignored, 0);
  ASSERT_TRUE(eventually(patience, [&] { return restarted->state() == StreamsState::running; }));
  produce();
  ASSERT_TRUE(processed(keys));
  const auto stays = start_on("b", others, 0);
  ASSERT_TRUE(eventually(patience, [&] { return restored(others) == keys / partitions; }));

  ASSERT_TRUE(restarted->close({.timeout = 10s, .group = GroupOperation::remain}));
  restarted.reset();
  Readings again;
  restarted = start_on("a", again, 0);
  produce();
  ASSERT_TRUE(processed(2 * keys));

  EXPECT_EQ(restored(again), 0U) << "its store was there";
  EXPECT_EQ(restored(others), keys / partitions) << "the task of the other one stayed away";
}

INSTANTIATE_TEST_SUITE_P(Stores, RestartsInAClassicGroup,
                         ::testing::Values(Kind{StoreType::rocksdb, GroupProtocol::classic,
                                                "OnDisk"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace moldau
