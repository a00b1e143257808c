#include "kafka/wire/framed_connection.h"

#include "moldau/base/big_endian.h"

#include "kafka/wire/endpoint_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

constexpr std::size_t prefix_size = sizeof(std::int32_t);
constexpr std::size_t largest_read = std::size_t{64} * 1024;

}  // namespace

FramedConnection::FramedConnection(std::unique_ptr<ByteStream> stream, const Clock& clock)
    : stream_(std::move(stream)), clock_(clock) {}

Status FramedConnection::open(const Endpoint& to, std::chrono::milliseconds timeout) {
  to_ = to;
  received_.clear();
  return stream_->open(to, timeout);
}

void FramedConnection::close() {
  received_.clear();
  stream_->close();
}

bool FramedConnection::is_open() const { return stream_->is_open(); }
void FramedConnection::wake() { stream_->wake(); }

Status FramedConnection::send(Bytes frame, std::chrono::milliseconds timeout) {
  if (frame.size() > max_frame_size) {
    close();
    return Status::permanent(ErrorCode::message_too_large,
                             "a request of " + std::to_string(frame.size()) + " bytes, at most " +
                                 std::to_string(max_frame_size) + " are sent in one frame");
  }
  // One write, and so one packet, for prefix and frame.
  sending_.clear();
  append_big_endian(sending_, static_cast<std::int32_t>(frame.size()));
  sending_.append(frame);
  return stream_->write(sending_, timeout);
}

Result<std::optional<ByteBuffer>> FramedConnection::receive(std::chrono::milliseconds timeout) {
  const Clock::Steady deadline = clock_.steady() + timeout;
  for (;;) {
    const std::optional<std::size_t> size = announced_size();
    if (size > max_frame_size) {
      close();
      return Status::retriable(ErrorCode::transport,
                               to_string(to_) + " announced a frame of " + std::to_string(*size) +
                                   " bytes, at most " + std::to_string(max_frame_size) +
                                   " are taken: is it a Kafka broker with this security.protocol?");
    }
    const std::size_t target = prefix_size + size.value_or(0);
    if (size && received_.size() == target) {
      std::optional<ByteBuffer> frame{std::in_place, received_.bytes().without_first(prefix_size)};
      received_ = ByteBuffer{};
      return frame;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_.steady());
    const Result<bool> got = read_towards(target, std::max(left, std::chrono::milliseconds{0}));
    if (!got.ok()) return got.error();
    if (!*got) return std::optional<ByteBuffer>{};
  }
}

std::optional<std::size_t> FramedConnection::announced_size() const {
  if (received_.size() < prefix_size) return std::nullopt;
  // A negative length becomes one that is too large.
  return load_big_endian<std::uint32_t>(received_.data());
}

Result<bool> FramedConnection::read_towards(std::size_t target, std::chrono::milliseconds timeout) {
  const std::size_t before = received_.size();
  const std::size_t wanted = std::min(target - before, largest_read);
  received_.resize(before + wanted);
  const Result<std::size_t> got = stream_->read(received_.data() + before, wanted, timeout);
  received_.resize(before + (got.ok() ? *got : 0));
  if (!got.ok()) {
    received_.clear();
    return got.error();
  }
  return *got > 0;
}

}  // namespace moldau::inline v0::kafka::wire
