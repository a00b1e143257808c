#include "kafka/rdkafka/fetched_message.h"

#include <atomic>
#include <cstdint>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

std::optional<Bytes> bytes(const void* data, std::size_t size) {
  return data == nullptr ? std::nullopt : std::optional{Bytes{data, size}};
}

void destroy_message(void* owner) noexcept {
  auto* message = static_cast<rd_kafka_message_t*>(owner);
  auto& out = *static_cast<std::atomic<std::int64_t>*>(rd_kafka_topic_opaque(message->rkt));
  rd_kafka_message_destroy(message);
  out.fetch_sub(1, std::memory_order_release);
}

}  // namespace

Headers headers_of(const rd_kafka_message_t& message) {
  Headers headers;
  rd_kafka_headers_t* found = nullptr;
  if (rd_kafka_message_headers(&message, &found) != RD_KAFKA_RESP_ERR_NO_ERROR) return headers;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(found, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    const std::optional<Bytes> view = bytes(value, size);
    headers.add(name, view ? std::optional{ByteBuffer{*view}} : std::nullopt);
  }
  return headers;
}

FetchedRecord fetched_record(rd_kafka_message_t* message) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const RawRecord view{.key = bytes(message->key, message->key_len),
                       .value = bytes(message->payload, message->len),
                       .timestamp = Timestamp{rd_kafka_message_timestamp(message, &type)},
                       .offset = Offset{message->offset}};
  return {view, headers_of(*message), message, destroy_message};
}

}  // namespace moldau::inline v0::kafka::rdkafka
