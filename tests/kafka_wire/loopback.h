#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"

#include "kafka/wire/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

namespace moldau::inline v0::kafka::wire {

// A test that goes wrong fails rather than waits for ever.
inline void limit_waiting(int socket) {
  const timeval limit{.tv_sec = 30, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// The broker's end of a connection, as plain and blocking as can be.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) { limit_waiting(socket_); }
  Peer(Peer&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Peer& operator=(Peer&&) = delete;
  ~Peer() { close(); }

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  [[nodiscard]] int socket() const { return socket_; }

  void send(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("peer: send");
      bytes = bytes.without_first(static_cast<std::size_t>(sent));
    }
  }
  void send_frame(Bytes frame) {
    ByteBuffer prefix;
    append_big_endian(prefix, static_cast<std::int32_t>(frame.size()));
    send(prefix);
    send(frame);
  }

  ByteBuffer receive(std::size_t size) {
    ByteBuffer bytes;
    bytes.resize(size);
    for (std::size_t at = 0; at < size;) {
      const ssize_t got = ::recv(socket_, bytes.data() + at, size - at, 0);
      if (got <= 0) throw std::runtime_error("peer: receive");
      at += static_cast<std::size_t>(got);
    }
    return bytes;
  }
  ByteBuffer receive_frame() { return receive(load_big_endian<std::uint32_t>(receive(4).data())); }

 private:
  int socket_;
};

// Listens on a free port of 127.0.0.1.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) != 0 || ::listen(socket_, 8) != 0 ||
        ::getsockname(socket_, generic, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    limit_waiting(socket_);
    port_ = ntohs(address.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { stop(); }

  [[nodiscard]] Endpoint endpoint() const { return {.host = "127.0.0.1", .port = port_}; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  // The next connection; one that was made before accept() waits for it.
  Peer accept() {
    const int accepted = ::accept(socket_, nullptr, nullptr);
    if (accepted < 0) throw std::runtime_error("nobody connected");
    return Peer{accepted};
  }
  void stop() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace moldau::inline v0::kafka::wire
