#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

// librdkafka as the yardsticks, the loader and the checks use it: nothing of the library that is
// measured lies between. Everything throws std::runtime_error with what librdkafka says. One
// thread.
namespace benchmarks {

struct DestroyHandle {
  void operator()(rd_kafka_t* handle) const noexcept { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_queue_t* queue) const noexcept { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_message_t* message) const noexcept { rd_kafka_message_destroy(message); }
  void operator()(rd_kafka_event_t* event) const noexcept { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_error_t* error) const noexcept { rd_kafka_error_destroy(error); }
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
  void operator()(const rd_kafka_metadata_t* metadata) const noexcept {
    rd_kafka_metadata_destroy(metadata);
  }
};
template <class T>
using Handle = std::unique_ptr<T, DestroyHandle>;
using Client = Handle<rd_kafka_t>;
using TopicHandle = Handle<rd_kafka_topic_t>;
using QueueHandle = Handle<rd_kafka_queue_t>;
using PartitionList = Handle<rd_kafka_topic_partition_list_t>;

using Settings = std::map<std::string, std::string>;

// How the yardsticks read and write: large fetches, large batches, idempotence, acks=all.
[[nodiscard]] const Settings& consumer_settings();
[[nodiscard]] const Settings& producer_settings();

// A client of the brokers in BROKERS.
[[nodiscard]] Client make_client(rd_kafka_type_t type, const Settings& settings);

[[nodiscard]] TopicHandle make_topic(const Client& client, const std::string& name);

void check(rd_kafka_resp_err_t error, std::string_view doing);
// Takes the error over.
void check(rd_kafka_error_t* error, std::string_view doing);

[[nodiscard]] std::int32_t partition_count(const Client& client, const std::string& topic);

// An id that no other run has.
[[nodiscard]] std::string unique_id(std::string_view prefix);

}  // namespace benchmarks
