#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/clock.h"
#include "moldau/base/status.h"

#include "kafka/wire/connection.h"
#include "kafka/wire/decode_error.h"
#include "kafka/wire/frame.h"
#include "kafka/wire/messages.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0::kafka::wire {

// Asks one broker at a time, one request at a time.
//
// A request is sent with start() and its answer taken with finish(), so that a worker can do other
// things in between; call() does both for those who may wait. An answer that is given up must never
// be taken for the next one: whoever stops waiting closes the channel. So does every failure to
// send or to receive, a frame that cannot be read, and an answer to something else: these are
// ErrorCode::transport, retriable (but for a request that is too large to send, which is
// permanent), and name the broker and the API. An error *in* an answer is the caller's: a field of
// the response.
//
// `connection` and `clock` must outlive it. One thread only.
class RequestChannel {
 public:
  // Throws ConfigError if the client id is longer than the protocol can carry.
  RequestChannel(Connection& connection, const Clock& clock, std::string client_id);

  // Who sends the requests that follow, for a channel that several clients share. Throws like the
  // constructor.
  void speak_as(std::string client_id);

  // Drops what was open, and an answer that is still to come, and connects. Waits at most
  // `timeout`.
  Status open(const Endpoint& broker, std::chrono::milliseconds timeout);
  void close();
  [[nodiscard]] bool is_open() const { return connection_.is_open(); }

  // The broker of the last open().
  [[nodiscard]] const Endpoint& broker() const noexcept { return broker_; }
  // True between start() and the answer, while the connection is open.
  [[nodiscard]] bool is_waiting() const { return waiting_for_ && connection_.is_open(); }

  // How long start() waits at most for a connection that takes no more bytes. A request fits into
  // the buffers of the machine, so only a broker that has stopped reading makes it wait at all.
  static constexpr std::chrono::milliseconds send_timeout{1'000};

  // Sends `request`. REQUIRES: !is_waiting().
  template <class Request>
  Status start(const Request& request) {
    return send(begin(request), send_timeout);
  }
  // The same as an older version of the request, one that has the same layout.
  template <class Request>
  Status start_as(std::int16_t version, const Request& request) {
    Api api = of<Request>();
    api.version = version;
    begin_frame(api);
    encode(request, frame_);
    return send(api, send_timeout);
  }

  // The answer to the Request that was started; nullopt if it did not come within `timeout` or
  // Connection::wake() was called: then finish() may be called again, or the channel closed.
  // REQUIRES: the last start() was of a Request and succeeded.
  template <class Request>
  Result<std::optional<typename Request::Response>> finish(std::chrono::milliseconds timeout) {
    Result<std::optional<ByteBuffer>> frame = receive(of<Request>(), timeout);
    if (!frame.ok()) return frame.error();
    if (!*frame) return std::optional<typename Request::Response>{};
    try {
      const Bytes body = body_of(**frame, of<Request>());
      return std::optional{decode_answer<typename Request::Response>(body)};
    } catch (const DecodeError& error) {
      return broken(of<Request>(), error.what());
    }
  }

  // start() and finish(), together at most `timeout`. No answer in time, and Connection::wake(),
  // close the channel: ErrorCode::timed_out, retriable; the broker may have done what was asked.
  template <class Request>
  Result<typename Request::Response> call(const Request& request,
                                          std::chrono::milliseconds timeout) {
    const Clock::Steady deadline = clock_.steady() + timeout;
    if (Status sent = send(begin(request), timeout); !sent.ok()) return sent;
    auto answer = finish<Request>(until(deadline));
    if (!answer.ok()) return answer.error();
    if (!*answer) return gave_up(of<Request>(), timeout);
    return **std::move(answer);
  }

 private:
  // What is known of a request when its answer comes.
  struct Api {
    std::string_view name;
    std::int16_t key;
    std::int16_t version;
    std::int16_t response_header_version;
  };
  template <class Request>
  static constexpr Api of() {
    return {Request::api_name, Request::api_key, Request::api_version,
            Request::response_header_version};
  }

  template <class Request>
  Api begin(const Request& request) {
    begin_frame(of<Request>());
    encode(request, frame_);
    return of<Request>();
  }

  void begin_frame(const Api& api);
  Status send(const Api& api, std::chrono::milliseconds timeout);
  Result<std::optional<ByteBuffer>> receive(const Api& api, std::chrono::milliseconds timeout);
  // Throws DecodeError, also if the frame answers another request.
  Bytes body_of(Bytes frame, const Api& api);
  template <class Response>
  static Response decode_answer(Bytes body) {
    return decode<Response>(body);
  }
  std::chrono::milliseconds until(Clock::Steady deadline) const;
  // Close the connection. Transport trouble, unless there is a cause with a kind of its own.
  Status broken(const Api& api, std::string_view why);
  Status broken(const Api& api, std::string_view why, const Status& cause);
  Status gave_up(const Api& api, std::chrono::milliseconds after);

  Connection& connection_;
  const Clock& clock_;
  std::string client_id_;
  Endpoint broker_;
  std::int32_t last_correlation_id_ = 0;
  std::optional<std::int32_t> waiting_for_;  // the correlation id
  ByteBuffer frame_;                         // of the last request; kept for its memory
};

// A broker that does not know the version that was asked answers in version 0 all the same: error
// 35, then a list of another layout. Only the error is kept of such an answer.
template <>
ApiVersionsResponse RequestChannel::decode_answer(Bytes body);

}  // namespace moldau::inline v0::kafka::wire
