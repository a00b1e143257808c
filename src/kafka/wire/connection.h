#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/status.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::kafka::wire {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// A connection to one broker that carries whole frames: what is behind it (TCP today, TLS and SASL
// around it, a script in tests) is nobody else's matter. Used on one thread, except wake().
class Connection {
 public:
  virtual ~Connection() = default;

  // Drops what was open before and connects. Waits at most `timeout`; every failure is retriable
  // transport trouble unless only another configuration can help (authentication_failed).
  virtual Status open(const Endpoint& to, std::chrono::milliseconds timeout) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool is_open() const = 0;

  // Sends one frame, given without its length prefix. A failure has closed the connection.
  virtual Status send(Bytes frame, std::chrono::milliseconds timeout) = 0;

  // The next whole frame, without its length prefix; nullopt if none came within `timeout` or
  // wake() was called. A failure has closed the connection.
  virtual Result<std::optional<ByteBuffer>> receive(std::chrono::milliseconds timeout) = 0;

  // Ends a waiting receive(), or the next one. Any thread.
  virtual void wake() = 0;
};

}  // namespace moldau::inline v0::kafka::wire
