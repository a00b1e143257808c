#pragma once

#include "kafka/wire/codec.h"
#include "kafka/wire/messages.h"
#include "kafka/wire/request_channel.h"

#include <cstdint>
#include <string>
#include <string_view>

// CreateTopics of one topic: the library leaves it to librdkafka, and tests of the membership do
// without that.
namespace moldau::inline v0::kafka::wire {

struct CreateTopicResponse {
  std::int16_t error_code = 0;
};

struct CreateTopicRequest {
  static constexpr std::string_view api_name = "CreateTopics";
  static constexpr std::int16_t api_key = 19;
  static constexpr std::int16_t api_version = 5;
  static constexpr std::int16_t response_header_version = 1;
  using Response = CreateTopicResponse;

  std::string name;
  std::int32_t partitions = 1;
};

inline void encode(const CreateTopicRequest& message, ByteBuffer& out) {
  Writer writer{out};
  writer.count(1);
  writer.string(message.name);
  writer.int32(message.partitions);
  writer.int16(1);  // replicas
  writer.count(0);  // assignments
  writer.count(0);  // configs
  writer.no_tags();
  writer.int32(10'000);
  writer.boolean(false);
  writer.no_tags();
}

template <>
inline CreateTopicResponse decode(Bytes body) {
  Reader reader{body};
  reader.int32();  // throttle time
  CreateTopicResponse response;
  reader.count(1);
  reader.string();
  response.error_code = reader.int16();
  reader.rest();
  return response;
}

}  // namespace moldau::inline v0::kafka::wire
