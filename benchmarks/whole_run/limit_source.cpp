#include "whole_run/limit_source.h"

#include <stdexcept>
#include <utility>

namespace benchmarks {

namespace {

constexpr std::size_t batch_size = 2000;
constexpr std::int64_t nothing_taken = -1;

Client make_consumer() {
  Settings settings = consumer_settings();
  settings.emplace("group.id", unique_id("limit"));
  return make_client(RD_KAFKA_CONSUMER, settings);
}

}  // namespace

LimitSource::LimitSource(std::string topic)
    : topic_(std::move(topic)), client_(make_consumer()), batch_(batch_size) {
  check(rd_kafka_poll_set_consumer(client_.get()), "the consumer's queue");
  next_.assign(static_cast<std::size_t>(partition_count(client_, topic_)), nothing_taken);
  const PartitionList topics{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
  check(rd_kafka_subscribe(client_.get(), topics.get()), "subscribing to " + topic_);
  queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
}

std::size_t LimitSource::fill(std::chrono::milliseconds wait) {
  const ssize_t taken = rd_kafka_consume_batch_queue(queue_.get(), 0, batch_.data(), batch_.size());
  if (taken > 0) return static_cast<std::size_t>(taken);
  batch_[0] = rd_kafka_consume_queue(queue_.get(), static_cast<int>(wait.count()));
  return batch_[0] == nullptr ? 0 : 1;
}

bool LimitSource::is_record(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    next_[static_cast<std::size_t>(message.partition)] = message.offset + 1;
    return true;
  }
  if (message.err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    throw std::runtime_error("reading " + topic_ + ": " + rd_kafka_message_errstr(&message));
  }
  return false;
}

PartitionList LimitSource::take_offsets() {
  PartitionList offsets;
  for (std::size_t partition = 0; partition < next_.size(); ++partition) {
    const std::int64_t next = std::exchange(next_[partition], nothing_taken);
    if (next == nothing_taken) continue;
    if (offsets == nullptr) {
      offsets.reset(rd_kafka_topic_partition_list_new(static_cast<int>(next_.size())));
    }
    rd_kafka_topic_partition_list_add(offsets.get(), topic_.c_str(),
                                      static_cast<std::int32_t>(partition))
        ->offset = next;
  }
  return offsets;
}

std::int64_t timestamp_of(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  return rd_kafka_message_timestamp(&message, &type);
}

}  // namespace benchmarks
