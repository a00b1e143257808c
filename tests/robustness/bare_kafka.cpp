#include "robustness/bare_kafka.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>

namespace robustness {

namespace {

constexpr int timeout_ms = 30'000;

[[noreturn]] void fail(const std::string& doing, const std::string& why) {
  throw std::runtime_error(doing + ": " + why);
}

void check(rd_kafka_resp_err_t error, const std::string& doing) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail(doing, rd_kafka_err2str(error));
}

void on_delivery(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* opaque) {
  auto* deliveries = static_cast<Deliveries*>(opaque);
  if (deliveries == nullptr) return;
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++deliveries->acknowledged;
  } else if (deliveries->error.empty()) {
    deliveries->error = rd_kafka_err2str(message->err);
  }
  if (deliveries->each) {
    const bool fine = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    deliveries->each(message->_private, fine ? std::string{} : rd_kafka_err2str(message->err));
  }
}

Handle make(rd_kafka_type_t type, const Settings& settings, Deliveries* deliveries = nullptr) {
  std::array<char, 512> why{};
  rd_kafka_conf_t* configuration = rd_kafka_conf_new();
  for (const auto& [key, value] : settings) {
    if (rd_kafka_conf_set(configuration, key.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(configuration);
      fail(key, why.data());
    }
  }
  if (type == RD_KAFKA_PRODUCER) {
    rd_kafka_conf_set_opaque(configuration, deliveries);
    rd_kafka_conf_set_dr_msg_cb(configuration, &on_delivery);
  }
  Handle handle{rd_kafka_new(type, configuration, why.data(), why.size())};
  if (handle == nullptr) {
    rd_kafka_conf_destroy(configuration);
    fail("no client", why.data());
  }
  if (type == RD_KAFKA_CONSUMER) rd_kafka_poll_set_consumer(handle.get());
  return handle;
}

struct ListDestroy {
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using List = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDestroy>;

List one_partition(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  List list{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  return list;
}

std::vector<std::string> headers_of(const rd_kafka_message_t* message) {
  std::vector<std::string> headers;
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return headers;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    const std::string text =
        value == nullptr ? "null" : std::string{static_cast<const char*>(value), size};
    headers.push_back(std::string{name} + "=" + text);
  }
  return headers;
}

std::optional<std::string_view> view(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string_view{static_cast<const char*>(data), size};
}

Record record_of(const rd_kafka_message_t* message) {
  rd_kafka_timestamp_type_t type{};
  return {.partition = message->partition,
          .offset = message->offset,
          .timestamp = rd_kafka_message_timestamp(message, &type),
          .key = view(message->key, message->key_len),
          .value = view(message->payload, message->len),
          .headers = headers_of(message)};
}

// Number of partitions; nullopt if the topic does not exist.
std::optional<std::int32_t> partition_count(rd_kafka_t* handle, const std::string& topic) {
  rd_kafka_topic_t* named = rd_kafka_topic_new(handle, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t error = rd_kafka_metadata(handle, 0, named, &metadata, timeout_ms);
  std::optional<std::int32_t> count;
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      count = metadata->topics[0].partition_cnt;
    }
    rd_kafka_metadata_destroy(metadata);
  }
  rd_kafka_topic_destroy(named);
  check(error, "metadata of " + topic);
  return count;
}

struct EventDestroy {
  void operator()(rd_kafka_event_t* event) const noexcept { rd_kafka_event_destroy(event); }
};
struct QueueDestroy {
  void operator()(rd_kafka_queue_t* queue) const noexcept { rd_kafka_queue_destroy(queue); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, QueueDestroy>;

// Waits for the answer to an admin request and fails unless each of its topics is fine or
// `tolerated`.
void await_topics(rd_kafka_queue_t* queue, rd_kafka_resp_err_t tolerated,
                  const std::string& doing) {
  const std::unique_ptr<rd_kafka_event_t, EventDestroy> event{
      rd_kafka_queue_poll(queue, timeout_ms)};
  if (event == nullptr) fail(doing, "no answer");
  check(rd_kafka_event_error(event.get()), doing);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = nullptr;
  if (const auto* created = rd_kafka_event_CreateTopics_result(event.get())) {
    results = rd_kafka_CreateTopics_result_topics(created, &count);
  } else if (const auto* deleted = rd_kafka_event_DeleteTopics_result(event.get())) {
    results = rd_kafka_DeleteTopics_result_topics(deleted, &count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    if (error != tolerated) check(error, doing + " " + rd_kafka_topic_result_name(results[i]));
  }
}

}  // namespace

void Destroy::operator()(rd_kafka_s* handle) const noexcept { rd_kafka_destroy(handle); }

Handle make_producer(const Settings& settings, Deliveries* deliveries) {
  return make(RD_KAFKA_PRODUCER, settings, deliveries);
}
Handle make_consumer(const Settings& settings) { return make(RD_KAFKA_CONSUMER, settings); }

void create_topics(const std::string& brokers, const std::vector<NewTopic>& topics) {
  const Handle handle = make_producer({{"bootstrap.servers", brokers}});
  const Queue queue{rd_kafka_queue_new(handle.get())};
  std::vector<rd_kafka_NewTopic_t*> list;
  for (const NewTopic& topic : topics) {
    std::array<char, 256> why{};
    rd_kafka_NewTopic_t* made =
        rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, -1, why.data(), why.size());
    if (made == nullptr) fail(topic.name, why.data());
    list.push_back(made);
  }
  rd_kafka_CreateTopics(handle.get(), list.data(), list.size(), nullptr, queue.get());
  rd_kafka_NewTopic_destroy_array(list.data(), list.size());
  await_topics(queue.get(), RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, "create topic");
  for (const NewTopic& topic : topics) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
    while (partition_count(handle.get(), topic.name) != topic.partitions) {
      if (std::chrono::steady_clock::now() > deadline) fail(topic.name, "still not there");
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  }
}

void delete_topics(const std::string& brokers, const std::vector<std::string>& topics) {
  const Handle handle = make_producer({{"bootstrap.servers", brokers}});
  const Queue queue{rd_kafka_queue_new(handle.get())};
  std::vector<rd_kafka_DeleteTopic_t*> list;
  for (const std::string& topic : topics) list.push_back(rd_kafka_DeleteTopic_new(topic.c_str()));
  rd_kafka_DeleteTopics(handle.get(), list.data(), list.size(), nullptr, queue.get());
  rd_kafka_DeleteTopic_destroy_array(list.data(), list.size());
  await_topics(queue.get(), RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "delete topic");
}

Reader::Reader(const std::string& brokers, const std::string& group)
    : settings_({{"bootstrap.servers", brokers},
                 {"group.id", group},
                 {"enable.auto.commit", "false"},
                 {"enable.partition.eof", "true"},
                 {"auto.offset.reset", "error"},
                 {"fetch.wait.max.ms", "10"},
                 {"check.crcs", "true"}}) {
  Settings settings = settings_;
  settings["isolation.level"] = "read_committed";
  committed_ = make_consumer(settings);
  settings["isolation.level"] = "read_uncommitted";
  uncommitted_ = make_consumer(settings);
}

std::int32_t Reader::partitions(const std::string& topic) const {
  const std::optional<std::int32_t> count = partition_count(uncommitted_.get(), topic);
  if (!count) fail(topic, "no such topic");
  return *count;
}

LogRange Reader::range(const std::string& topic, std::int32_t partition) const {
  LogRange range;
  std::int64_t ignored = 0;
  check(rd_kafka_query_watermark_offsets(uncommitted_.get(), topic.c_str(), partition, &range.start,
                                         &range.end, timeout_ms),
        "log end of " + topic);
  check(rd_kafka_query_watermark_offsets(committed_.get(), topic.c_str(), partition, &ignored,
                                         &range.last_stable, timeout_ms),
        "last stable offset of " + topic);
  return range;
}

std::optional<Committed> Reader::committed(const std::string& topic, std::int32_t partition) const {
  const List list = one_partition(topic, partition, RD_KAFKA_OFFSET_INVALID);
  check(rd_kafka_committed(committed_.get(), list.get(), timeout_ms),
        "committed offset of " + topic);
  check(list->elems[0].err, "committed offset of " + topic);
  const rd_kafka_topic_partition_t& found = list->elems[0];
  if (found.offset < 0) return std::nullopt;
  return Committed{found.offset,
                   std::string{static_cast<const char*>(found.metadata), found.metadata_size}};
}

void Reader::read(const std::string& topic, std::int32_t partition,
                  const std::function<void(const Record&)>& seen,
                  std::optional<std::int64_t> from) const {
  const LogRange range = this->range(topic, partition);
  const std::int64_t first = std::max(from.value_or(range.start), range.start);
  if (first >= range.end) return;
  Settings settings = settings_;
  settings["isolation.level"] = "read_committed";
  const Handle consumer = make_consumer(settings);
  const List place = one_partition(topic, partition, first);
  check(rd_kafka_assign(consumer.get(), place.get()), "read " + topic);

  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{2};
  while (true) {
    if (std::chrono::steady_clock::now() > deadline) {
      fail("read " + topic + "-" + std::to_string(partition),
           "not at the end after two minutes; is a transaction open?");
    }
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer.get(), 100);
    if (message == nullptr) continue;
    const rd_kafka_resp_err_t error = message->err;
    const bool end = error == RD_KAFKA_RESP_ERR__PARTITION_EOF && message->offset >= range.end;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR && message->offset < range.end)
      seen(record_of(message));
    rd_kafka_message_destroy(message);
    if (error != RD_KAFKA_RESP_ERR__PARTITION_EOF) check(error, "read " + topic);
    if (end) return;
  }
}

void Reader::read_all(const std::string& topic,
                      const std::function<void(const Record&)>& seen) const {
  const std::int32_t count = partitions(topic);
  for (std::int32_t partition = 0; partition < count; ++partition) read(topic, partition, seen);
}

}  // namespace robustness
