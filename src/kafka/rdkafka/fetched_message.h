#pragma once

#include "moldau/kafka/values.h"

#include "kafka/rdkafka/handles.h"

namespace moldau::inline v0::kafka::rdkafka {

// A record over a message of librdkafka's, without a copy; only headers are copied, where there are
// any. The record takes the message over and destroys it on the thread that drops the record, then
// counts down the std::atomic<std::int64_t> that is the opaque of the message's topic.
[[nodiscard]] FetchedRecord fetched_record(rd_kafka_message_t* message);

// The headers of a message of either direction.
[[nodiscard]] Headers headers_of(const rd_kafka_message_t& message);

}  // namespace moldau::inline v0::kafka::rdkafka
