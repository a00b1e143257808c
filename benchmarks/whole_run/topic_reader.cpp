#include "whole_run/topic_reader.h"

#include "whole_run/kafka.h"
#include "whole_run/limit_source.h"

#include <stdexcept>
#include <vector>

namespace benchmarks {

namespace {

constexpr std::size_t batch_size = 5'000;
constexpr int longest_silence_ms = 30'000;

std::string_view text(const void* data, std::size_t size) {
  return data == nullptr ? std::string_view{}
                         : std::string_view{static_cast<const char*>(data), size};
}

}  // namespace

void read_topic(const std::string& topic, const std::function<void(const TopicRecord&)>& seen) {
  Settings settings = consumer_settings();
  settings.insert_or_assign("group.id", unique_id("reader"));
  settings.insert_or_assign("isolation.level", "read_committed");
  settings.insert_or_assign("enable.partition.eof", "true");
  const Client client = make_client(RD_KAFKA_CONSUMER, settings);
  const std::int32_t partitions = partition_count(client, topic);
  const PartitionList list{rd_kafka_topic_partition_list_new(partitions)};
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  check(rd_kafka_assign(client.get(), list.get()), "reading " + topic);
  const QueueHandle queue{rd_kafka_queue_get_consumer(client.get())};
  std::vector<rd_kafka_message_t*> batch(batch_size);
  for (std::int32_t open = partitions; open > 0;) {
    ssize_t count = rd_kafka_consume_batch_queue(queue.get(), 0, batch.data(), batch.size());
    if (count <= 0) {
      batch[0] = rd_kafka_consume_queue(queue.get(), longest_silence_ms);
      if (batch[0] == nullptr) throw std::runtime_error("reading " + topic + ": no answer");
      count = 1;
    }
    for (ssize_t i = 0; i < count; ++i) {
      const Handle<rd_kafka_message_t> message{batch[static_cast<std::size_t>(i)]};
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        --open;
      } else {
        check(message->err, "reading " + topic);
        seen({.key = text(message->key, message->key_len),
              .value = text(message->payload, message->len),
              .timestamp = timestamp_of(*message),
              .partition = message->partition});
      }
    }
  }
}

}  // namespace benchmarks
