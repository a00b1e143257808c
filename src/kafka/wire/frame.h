#pragma once

#include "moldau/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>

// What stands before the body of a message in its frame.
namespace moldau::inline v0::kafka::wire {

// Version 2; 1, which has no tags, of SaslHandshake.
struct RequestHeader {
  std::int16_t api_key = 0;
  std::int16_t api_version = 0;
  std::int32_t correlation_id = 0;
  std::optional<std::string> client_id = {};  // at most 32,767 bytes

  friend bool operator==(const RequestHeader&, const RequestHeader&) = default;
};

// A header and the body that follows it, a view into the frame.
struct RequestFrame {
  RequestHeader header;
  Bytes body;
};
struct ResponseFrame {
  std::int32_t correlation_id = 0;
  Bytes body;
};

// `header_version` of a response is 0 (ApiVersions) or 1, see Request::response_header_version.
void append_request_header(const RequestHeader& header, ByteBuffer& frame);
void append_response_header(std::int32_t correlation_id, std::int16_t header_version,
                            ByteBuffer& frame);

// Throw DecodeError. The frame must outlive what is returned.
[[nodiscard]] RequestFrame split_request(Bytes frame);
[[nodiscard]] ResponseFrame split_response(Bytes frame, std::int16_t header_version);

}  // namespace moldau::inline v0::kafka::wire
