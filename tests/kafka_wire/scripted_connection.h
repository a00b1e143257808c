#pragma once

#include "kafka/wire/connection.h"
#include "kafka/wire/frame.h"
#include "kafka/wire/messages.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace moldau::inline v0::kafka::wire {

// A connection whose other end is written down in advance.
class ScriptedConnection final : public Connection {
 public:
  // What receive() gives next; nullopt is no answer in time.
  using Answer = Result<std::optional<ByteBuffer>>;

  void answer(Answer next) { answers_.push_back(std::move(next)); }
  // Answers the request that was sent last.
  template <class Response>
  void answer_last(const Response& response, std::int16_t header_version = 1) {
    ByteBuffer frame;
    append_response_header(split_request(sent.back()).header.correlation_id, header_version, frame);
    encode(response, frame);
    answer(std::optional{frame});
  }
  // Called whenever something was sent, to answer it.
  std::function<void()> on_send;
  // Endpoints that cannot be reached.
  std::vector<Endpoint> unreachable;
  // What open() says of any of them.
  std::optional<Status> refused;

  std::vector<ByteBuffer> sent;
  std::vector<Endpoint> opened;

  Status open(const Endpoint& to, std::chrono::milliseconds) override {
    opened.push_back(to);
    open_ = std::find(unreachable.begin(), unreachable.end(), to) == unreachable.end();
    if (refused) open_ = false;
    if (refused || open_) return refused.value_or(Status{});
    return Status::retriable(ErrorCode::transport, "cannot reach " + to.host);
  }
  void close() override { open_ = false; }
  [[nodiscard]] bool is_open() const override { return open_; }
  Status send(Bytes frame, std::chrono::milliseconds) override {
    sent.emplace_back(frame);
    if (on_send) on_send();
    return {};
  }
  Result<std::optional<ByteBuffer>> receive(std::chrono::milliseconds) override {
    if (answers_.empty()) return std::optional<ByteBuffer>{};
    Answer next = std::move(answers_.front());
    answers_.pop_front();
    if (!next.ok()) open_ = false;
    return next;
  }
  void wake() override {}

 private:
  std::deque<Answer> answers_;
  bool open_ = false;
};

}  // namespace moldau::inline v0::kafka::wire
