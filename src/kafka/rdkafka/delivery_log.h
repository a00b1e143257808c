#pragma once

#include "moldau/kafka/values.h"

#include "kafka/rdkafka/client.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

// The opaque of a record sent with that timestamp: librdkafka does not tell it of a record that has
// failed.
[[nodiscard]] void* delivery_opaque(std::optional<Timestamp> timestamp) noexcept;

// What became of the records of one producer, and of the requests that ended its transactions.
// Filled by librdkafka's callbacks, on the producer's thread but for what says otherwise.
class DeliveryLog final : public ClientEvents {
 public:
  // A topic of the producer: the opaque of librdkafka's topic, so that a report finds it without a
  // look-up. Stays at its address.
  class Topic {
   public:
    Topic(TopicHandle handle, std::string name, bool track_acks)
        : handle_(handle), name_(std::move(name)), track_acks_(track_acks) {}
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

   private:
    friend class DeliveryLog;
    struct Partition {
      std::int64_t highest = -1;
      bool reported = true;  // by take()
    };
    TopicHandle handle_;
    std::string name_;
    bool track_acks_;
    std::vector<Partition> partitions_;
  };

  [[nodiscard]] Topic& add_topic(std::string name, bool track_acks);

  // What has come since the last call.
  [[nodiscard]] Deliveries take();

  void delivered(const rd_kafka_message_t& message) override;
  void request_ended(std::int16_t api_key, rd_kafka_resp_err_t error) noexcept override;

  // How many requests to end a transaction went without an answer so far: librdkafka repeats them
  // by itself, and the broker may have two of them. Any thread.
  [[nodiscard]] std::uint64_t unanswered_ends() const noexcept { return unanswered_ends_.load(); }

 private:
  void note_ack(Topic& topic, const rd_kafka_message_t& message);

  std::vector<std::unique_ptr<Topic>> topics_;
  std::vector<std::pair<Topic*, std::int32_t>> fresh_acks_;
  std::vector<FailedRecord> failed_;
  std::atomic<std::uint64_t> unanswered_ends_ = 0;
};

}  // namespace moldau::inline v0::kafka::rdkafka
