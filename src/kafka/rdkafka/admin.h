#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/admin.h"

#include "kafka/rdkafka/client.h"
#include "kafka/rdkafka/reaper.h"

#include <functional>
#include <memory>
#include <string>

namespace moldau::inline v0::kafka::rdkafka {

// The Admin over librdkafka's admin calls. Two clients: log ends are told in the isolation of the
// client that asks, so each isolation needs its own. Questions are given a second at least.
class RdKafkaAdmin final : public Admin {
 public:
  RdKafkaAdmin(std::unique_ptr<Client> committed, std::unique_ptr<Client> uncommitted,
               const Clock& clock, std::shared_ptr<Reaper> reaper);
  ~RdKafkaAdmin() override;

  Result<std::vector<std::string>> list_topics(std::chrono::milliseconds timeout) override;
  Result<std::vector<TopicDescription>> describe_topics(std::span<const std::string> topics,
                                                        std::chrono::milliseconds timeout) override;
  Status create_topics(std::span<const NewTopic> topics,
                       std::chrono::milliseconds timeout) override;
  Status delete_topics(std::span<const std::string> topics,
                       std::chrono::milliseconds timeout) override;
  Status delete_records(std::span<const PartitionPosition> before,
                        std::chrono::milliseconds timeout) override;
  Result<std::vector<OffsetRange>> list_offsets(std::span<const TopicPartition> partitions,
                                                Isolation isolation,
                                                std::chrono::milliseconds timeout) override;

 private:
  using Ask = std::function<void(rd_kafka_t*, const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>;

  // Asks, and waits for the answer. An error of the whole request is the Status.
  Result<EventPtr> ask(rd_kafka_admin_op_t operation, std::string_view doing,
                       std::chrono::milliseconds timeout, const Ask& ask);
  Status with_trouble(const Status& status);

  std::shared_ptr<Reaper> reaper_;
  std::unique_ptr<Client> committed_;
  std::unique_ptr<Client> uncommitted_;
  const Clock& clock_;
};

}  // namespace moldau::inline v0::kafka::rdkafka
