#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/producer.h"

#include "kafka/rdkafka/background_call.h"
#include "kafka/rdkafka/client.h"
#include "kafka/rdkafka/delivery_log.h"
#include "kafka/rdkafka/reaper.h"
#include "kafka/wire/transaction_fence.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

// The Producer over librdkafka's idempotent and transactional one.
class RdKafkaProducer final : public Producer {
 public:
  // `fence`: what init_transactions() begins with; may be null. REQUIRES: the client's events are a
  // DeliveryLog.
  RdKafkaProducer(std::unique_ptr<Client> client, std::unique_ptr<wire::TransactionFence> fence,
                  const Clock& clock, Workers& workers, std::shared_ptr<Reaper> reaper);
  ~RdKafkaProducer() override;

  TopicHandle topic(std::string_view name, bool track_acks) override;
  Result<std::int32_t> partitions(TopicHandle topic, std::chrono::milliseconds timeout) override;
  Status send(const OutgoingRecord& record) override;
  Deliveries take_deliveries() override;
  Status flush(std::chrono::milliseconds timeout) override;
  Status init_transactions(std::chrono::milliseconds timeout) override;
  Status begin_transaction() override;
  Status add_offsets(std::string_view group, std::span<const CommittedOffset> offsets,
                     const MemberSnapshot& as, std::chrono::milliseconds timeout) override;
  Result<TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) override;
  Result<TransactionEnd> abort_transaction(std::chrono::milliseconds timeout) override;
  void purge() override;

 private:
  struct Topic {
    rd_kafka_topic_t* topic = nullptr;
    DeliveryLog::Topic* log = nullptr;
    std::optional<std::int32_t> partitions;
  };
  using EndCall = rd_kafka_error_t* (*)(rd_kafka_t*, int);

  Status send_with_headers(const OutgoingRecord& record, rd_kafka_topic_t* topic);
  Status refused(rd_kafka_resp_err_t error, const Topic& topic);
  Result<TransactionEnd> end_transaction(EndCall end, std::string_view doing,
                                         std::chrono::milliseconds timeout);
  // Records of a transaction that librdkafka has given up come back as purged; why it did is said
  // of the transaction alone.
  void name_the_cause(std::vector<FailedRecord>& failed) const;
  Status with_trouble(Status status) const;
  // A call that goes on without an end while brokers can be reached is a defect of librdkafka's
  // (coordinator look-ups stuck behind an unreachable broker, before 2.10): a new client helps.
  Status give_up_if_stalled(Status status);

  std::shared_ptr<Reaper> reaper_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<wire::TransactionFence> fence_;  // null once it has done what it can
  DeliveryLog& log_;
  const Clock& clock_;
  std::vector<Topic> topics_;
  std::map<std::string, TopicHandle, std::less<>> handles_;
  std::unique_ptr<BackgroundCall> background_;
  bool in_transaction_ = false;
  std::optional<std::uint64_t> unanswered_before_end_;  // set while a transaction is being ended
  std::optional<Clock::Steady> waiting_since_;
};

}  // namespace moldau::inline v0::kafka::rdkafka
