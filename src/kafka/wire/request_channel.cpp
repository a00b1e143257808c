#include "kafka/wire/request_channel.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"

#include "kafka/wire/codec.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/errors.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

const Status& transport_trouble() {
  static const Status trouble = Status::retriable(ErrorCode::transport, "");
  return trouble;
}

}  // namespace

RequestChannel::RequestChannel(Connection& connection, const Clock& clock, std::string client_id)
    : connection_(connection), clock_(clock) {
  speak_as(std::move(client_id));
}

void RequestChannel::speak_as(std::string client_id) {
  constexpr std::size_t longest = std::numeric_limits<std::int16_t>::max();
  if (client_id.size() > longest) {
    throw ConfigError{"client.id has " + std::to_string(client_id.size()) +
                      " bytes; the protocol carries at most " + std::to_string(longest)};
  }
  client_id_ = std::move(client_id);
}

Status RequestChannel::open(const Endpoint& broker, std::chrono::milliseconds timeout) {
  waiting_for_.reset();
  broker_ = broker;
  return connection_.open(broker, timeout);
}

void RequestChannel::close() {
  waiting_for_.reset();
  connection_.close();
}

void RequestChannel::begin_frame(const Api& api) {
  MOLDAU_ASSERT(!is_waiting());
  // Wraps to 0: negative ids would work too, but look odd in a broker's log.
  last_correlation_id_ = last_correlation_id_ == std::numeric_limits<std::int32_t>::max()
                             ? 0
                             : last_correlation_id_ + 1;
  frame_.clear();
  append_request_header({.api_key = api.key,
                         .api_version = api.version,
                         .correlation_id = last_correlation_id_,
                         .client_id = client_id_},
                        frame_);
}

Status RequestChannel::send(const Api& api, std::chrono::milliseconds timeout) {
  if (!connection_.is_open()) return broken(api, "the connection is closed");
  if (const Status sent = connection_.send(frame_, timeout); !sent.ok()) {
    return broken(api, sent.message(), sent);
  }
  waiting_for_ = last_correlation_id_;
  return {};
}

Result<std::optional<ByteBuffer>> RequestChannel::receive(const Api& api,
                                                          std::chrono::milliseconds timeout) {
  MOLDAU_ASSERT(waiting_for_.has_value());
  if (!connection_.is_open()) return broken(api, "the connection is closed");
  Result<std::optional<ByteBuffer>> frame = connection_.receive(timeout);
  if (!frame.ok()) return broken(api, frame.error().message(), frame.error());
  return frame;
}

Bytes RequestChannel::body_of(Bytes frame, const Api& api) {
  const ResponseFrame response = split_response(frame, api.response_header_version);
  const std::optional<std::int32_t> expected = std::exchange(waiting_for_, std::nullopt);
  if (response.correlation_id != expected) {
    throw DecodeError{"an answer to request " + std::to_string(response.correlation_id) +
                      ", expected was one to " + std::to_string(expected.value_or(-1))};
  }
  return response.body;
}

template <>
ApiVersionsResponse RequestChannel::decode_answer(Bytes body) {
  if (Reader start{body}; start.int16() == error_code::unsupported_version) {
    return {.error_code = error_code::unsupported_version};
  }
  return decode<ApiVersionsResponse>(body);
}

std::chrono::milliseconds RequestChannel::until(Clock::Steady deadline) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_.steady());
  return std::max(left, std::chrono::milliseconds{0});
}

Status RequestChannel::broken(const Api& api, std::string_view why, const Status& cause) {
  close();
  return {cause.code(),
          "broker " + to_string(broker_) + ": " + std::string{api.name} + ": " + std::string{why},
          cause.kind()};
}

Status RequestChannel::broken(const Api& api, std::string_view why) {
  return broken(api, why, transport_trouble());
}

Status RequestChannel::gave_up(const Api& api, std::chrono::milliseconds after) {
  close();
  return Status::retriable(ErrorCode::timed_out, "broker " + to_string(broker_) + ": " +
                                                     std::string{api.name} + ": no answer within " +
                                                     std::to_string(after.count()) + " ms");
}

}  // namespace moldau::inline v0::kafka::wire
