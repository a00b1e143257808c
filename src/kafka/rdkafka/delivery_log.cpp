#include "kafka/rdkafka/delivery_log.h"

#include "kafka/rdkafka/errors.h"
#include "kafka/rdkafka/fetched_message.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

constexpr std::int16_t end_txn = 26;  // the key of Kafka's EndTxn request

std::optional<ByteBuffer> copy(const void* data, std::size_t size) {
  return data == nullptr ? std::nullopt : std::optional{ByteBuffer{Bytes{data, size}}};
}

// The inverse of delivery_opaque().
std::optional<Timestamp> sent_timestamp(const void* opaque) {
  if (opaque == nullptr) return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(opaque)) - 1};
}

}  // namespace

// In the pointer itself: there is nothing to allocate or to free.
void* delivery_opaque(std::optional<Timestamp> timestamp) noexcept {
  static_assert(sizeof(void*) >= sizeof(std::int64_t));
  if (!timestamp) return nullptr;
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(timestamp->milliseconds() + 1));
}

DeliveryLog::Topic& DeliveryLog::add_topic(std::string name, bool track_acks) {
  const TopicHandle handle{static_cast<std::int32_t>(topics_.size())};
  topics_.push_back(std::make_unique<Topic>(handle, std::move(name), track_acks));
  return *topics_.back();
}

void DeliveryLog::delivered(const rd_kafka_message_t& message) {
  auto& topic = *static_cast<Topic*>(rd_kafka_topic_opaque(message.rkt));
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (topic.track_acks_) note_ack(topic, message);
    return;
  }
  FailedRecord failed{.topic = topic.name_,
                      .partition = {},
                      .key = copy(message.key, message.key_len),
                      .value = copy(message.payload, message.len),
                      .timestamp = sent_timestamp(message._private),
                      .headers = headers_of(message),
                      // Not rd_kafka_message_errstr(): it answers with the record's value.
                      .status = make_status(message.err, "topic " + topic.name_)};
  if (message.partition >= 0) failed.partition = PartitionId{message.partition};
  failed_.push_back(std::move(failed));
}

void DeliveryLog::note_ack(Topic& topic, const rd_kafka_message_t& message) {
  const auto partition = static_cast<std::size_t>(message.partition);
  if (partition >= topic.partitions_.size()) topic.partitions_.resize(partition + 1);
  Topic::Partition& acked = topic.partitions_[partition];
  acked.highest = std::max(acked.highest, message.offset);
  if (!std::exchange(acked.reported, false)) return;
  fresh_acks_.emplace_back(&topic, message.partition);
}

Deliveries DeliveryLog::take() {
  Deliveries deliveries;
  deliveries.failed = std::exchange(failed_, {});
  deliveries.acked.reserve(fresh_acks_.size());
  for (const auto& [topic, partition] : fresh_acks_) {
    Topic::Partition& acked = topic->partitions_[static_cast<std::size_t>(partition)];
    acked.reported = true;
    deliveries.acked.push_back({topic->handle_, PartitionId{partition}, Offset{acked.highest}});
  }
  fresh_acks_.clear();
  return deliveries;
}

void DeliveryLog::request_ended(std::int16_t api_key, rd_kafka_resp_err_t error) noexcept {
  if (api_key == end_txn && error != RD_KAFKA_RESP_ERR_NO_ERROR) unanswered_ends_.fetch_add(1);
}

}  // namespace moldau::inline v0::kafka::rdkafka
