#include "membership/cutting_proxy.h"

#include "moldau/base/big_endian.h"

#include "kafka/wire/frame.h"
#include "kafka/wire/messages.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

namespace moldau {

namespace {

using Heartbeat = kafka::wire::StreamsGroupHeartbeatRequest;

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const std::string number = host == "localhost" ? "127.0.0.1" : host;
  if (::inet_pton(AF_INET, number.c_str(), &address.sin_addr) != 1) {
    throw std::runtime_error("the broker of this test must be on an IPv4 address, not " + host);
  }
  return address;
}

bool read_all(int socket, std::byte* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(socket, to, size, 0);
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(int socket, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes = bytes.without_first(static_cast<std::size_t>(sent));
  }
  return true;
}

constexpr std::size_t prefix = 4;

// One frame with its prefix; nullopt at the end of the stream.
std::optional<ByteBuffer> read_frame(int socket) {
  ByteBuffer frame;
  frame.resize(prefix);
  if (!read_all(socket, frame.data(), prefix)) return std::nullopt;
  const auto size = load_big_endian<std::uint32_t>(frame.data());
  frame.resize(prefix + size);
  if (!read_all(socket, frame.data() + prefix, size)) return std::nullopt;
  return frame;
}

Bytes content(const ByteBuffer& frame) { return frame.bytes().without_first(prefix); }

bool carries_tasks(const ByteBuffer& request, const ByteBuffer& answer) {
  const auto asked = kafka::wire::split_request(content(request));
  if (asked.header.api_key != Heartbeat::api_key) return false;
  // A join is answered with tasks always, and can be repeated.
  if (kafka::wire::decode<Heartbeat>(asked.body).member_epoch <= 0) return false;
  const auto said = kafka::wire::split_response(content(answer), 1);
  return kafka::wire::decode<Heartbeat::Response>(said.body).active_tasks.has_value();
}

class Detour final : public kafka::wire::Connection {
 public:
  Detour(const CuttingProxy& proxy, std::unique_ptr<kafka::wire::Connection> inner)
      : proxy_(proxy), inner_(std::move(inner)) {}

  Status open(const kafka::wire::Endpoint&, std::chrono::milliseconds timeout) override {
    return inner_->open({.host = "127.0.0.1", .port = proxy_.port()}, timeout);
  }
  void close() override { inner_->close(); }
  [[nodiscard]] bool is_open() const override { return inner_->is_open(); }
  Status send(Bytes frame, std::chrono::milliseconds timeout) override {
    return inner_->send(frame, timeout);
  }
  Result<std::optional<ByteBuffer>> receive(std::chrono::milliseconds timeout) override {
    return inner_->receive(timeout);
  }
  void wake() override { inner_->wake(); }

 private:
  const CuttingProxy& proxy_;
  const std::unique_ptr<kafka::wire::Connection> inner_;
};

}  // namespace

CuttingProxy::CuttingProxy(std::string host, std::uint16_t port)
    : host_(std::move(host)), broker_port_(port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = address_of("127.0.0.1", 0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

CuttingProxy::~CuttingProxy() {
  ending_.store(true);
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  cut_all();
  for (std::thread& carrier : carriers_) carrier.join();
  ::close(listener_);
}

void CuttingProxy::cut_all() {
  const std::lock_guard lock{mutex_};
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

void CuttingProxy::accept_all() {
  while (!ending_.load()) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    const std::lock_guard lock{mutex_};
    sockets_.push_back(client);
    carriers_.emplace_back([this, client] { carry(client); });
  }
}

void CuttingProxy::carry(int client) {
  const int broker = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = address_of(host_, broker_port_);
  const bool connected =
      ::connect(broker, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  while (connected) {
    const auto request = read_frame(client);
    if (!request || !write_all(broker, request->bytes())) break;
    const auto answer = read_frame(broker);
    if (!answer) break;
    if (armed_.load() && carries_tasks(*request, *answer)) {
      armed_.store(false);
      ++cuts_;
      break;
    }
    if (!write_all(client, answer->bytes())) break;
  }
  const std::lock_guard lock{mutex_};
  std::erase(sockets_, client);
  ::close(client);
  ::close(broker);
}

std::unique_ptr<kafka::wire::Connection> detour(const CuttingProxy& proxy,
                                                std::unique_ptr<kafka::wire::Connection> inner) {
  return std::make_unique<Detour>(proxy, std::move(inner));
}

}  // namespace moldau
