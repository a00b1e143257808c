#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/status.h"

#include "kafka/wire/connection.h"

#include <chrono>
#include <cstddef>

namespace moldau::inline v0::kafka::wire {

// Bytes to and from one broker, beneath the frames: a TCP connection, or TLS spoken over one. Used
// on one thread, except wake().
//
// Every failure has closed the stream and is ErrorCode::transport, retriable, unless only another
// configuration can help (authentication_failed).
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Drops what was open before and connects. Waits at most `timeout`.
  virtual Status open(const Endpoint& to, std::chrono::milliseconds timeout) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool is_open() const = 0;

  // Writes all of `bytes`. Not all within `timeout` is a failure.
  virtual Status write(Bytes bytes, std::chrono::milliseconds timeout) = 0;

  // Reads at least one and at most `size` bytes; 0 if none came within `timeout` or wake() was
  // called. The end of the stream is a failure. REQUIRES: size > 0.
  virtual Result<std::size_t> read(std::byte* to, std::size_t size,
                                   std::chrono::milliseconds timeout) = 0;

  // Ends a waiting read(), or the next one. Any thread.
  virtual void wake() = 0;
};

}  // namespace moldau::inline v0::kafka::wire
