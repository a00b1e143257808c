#include "kafka/wire/frame.h"

#include "kafka/wire/codec.h"
#include "kafka/wire/messages.h"

namespace moldau::inline v0::kafka::wire {

namespace {

// The one request that never became flexible.
bool has_tags(const RequestHeader& header) {
  return header.api_key != SaslHandshakeRequest::api_key;
}

}  // namespace

void append_request_header(const RequestHeader& header, ByteBuffer& frame) {
  Writer out{frame};
  out.int16(header.api_key);
  out.int16(header.api_version);
  out.int32(header.correlation_id);
  if (header.client_id) {
    out.old_string(*header.client_id);
  } else {
    out.int16(-1);
  }
  if (has_tags(header)) out.no_tags();
}

void append_response_header(std::int32_t correlation_id, std::int16_t header_version,
                            ByteBuffer& frame) {
  Writer out{frame};
  out.int32(correlation_id);
  if (header_version > 0) out.no_tags();
}

RequestFrame split_request(Bytes frame) {
  Reader in{frame};
  RequestFrame request;
  request.header.api_key = in.int16();
  request.header.api_version = in.int16();
  request.header.correlation_id = in.int32();
  request.header.client_id = in.old_nullable_string();
  if (has_tags(request.header)) in.skip_tags();
  request.body = in.rest();
  return request;
}

ResponseFrame split_response(Bytes frame, std::int16_t header_version) {
  Reader in{frame};
  ResponseFrame response;
  response.correlation_id = in.int32();
  if (header_version > 0) in.skip_tags();
  response.body = in.rest();
  return response;
}

}  // namespace moldau::inline v0::kafka::wire
