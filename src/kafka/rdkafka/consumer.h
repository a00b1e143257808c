#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/consumer.h"

#include "kafka/rdkafka/client.h"
#include "kafka/rdkafka/partition_reader.h"
#include "kafka/rdkafka/reaper.h"
#include "kafka/rdkafka/wake_signal.h"
#include "kafka/wire/offset_reader.h"

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

// The Consumer over librdkafka's consumer without a subscription: partitions are started and
// stopped one by one, so that an assignment does not touch those that stay.
class RdKafkaConsumer final : public Consumer {
 public:
  struct Traits {
    Isolation isolation = Isolation::read_committed;
    std::size_t max_poll_records = 1000;
  };

  // `offsets`: null without a group.
  RdKafkaConsumer(std::unique_ptr<Client> client, std::unique_ptr<wire::OffsetReader> offsets,
                  Traits traits, const Clock& clock, std::shared_ptr<Reaper> reaper);
  ~RdKafkaConsumer() override;

  Status assign(std::span<const PartitionPosition> partitions) override;
  void pause(std::span<const TopicPartition> partitions) override;
  void resume(std::span<const TopicPartition> partitions) override;
  Status poll(std::chrono::milliseconds timeout, Polled& into) override;
  Result<std::vector<CommittedOffset>> committed(std::span<const TopicPartition> partitions,
                                                 std::chrono::milliseconds timeout) override;
  void forget_question() override;
  [[nodiscard]] std::optional<Offset> known_end(const TopicPartition& partition) const override;
  void wake() override;

 private:
  PartitionReader& reader_for(const TopicPartition& partition, bool& is_new);
  bool take_ready(Polled& into);
  std::size_t take_from(PartitionReader& reader, std::size_t most, Polled& into);

  std::shared_ptr<Reaper> reaper_;
  std::unique_ptr<Client> client_;
  Traits traits_;
  const Clock& clock_;
  std::unique_ptr<wire::OffsetReader> offsets_;  // null without a group
  WakeSignal signal_;
  std::atomic<bool> woken_ = false;
  std::map<std::string, rd_kafka_topic_t*, std::less<>> topics_;
  std::map<TopicPartition, std::unique_ptr<PartitionReader>> readers_;
  std::vector<PartitionReader*> order_;  // readers_, beginning with the one to be asked next
  std::vector<rd_kafka_message_t*> buffer_;
  std::vector<std::vector<FetchedRecord>> spare_;
  std::size_t used_batches_ = 0;
};

}  // namespace moldau::inline v0::kafka::rdkafka
