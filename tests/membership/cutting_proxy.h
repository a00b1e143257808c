#pragma once

#include "kafka/wire/connection.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace moldau {

// A TCP proxy in front of one broker that understands just enough of the protocol to cut a
// connection instead of delivering a certain answer.
class CuttingProxy {
 public:
  CuttingProxy(std::string host, std::uint16_t port);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  // The next answer to a heartbeat that carries an assignment is not delivered, and its connection
  // ends.
  void cut_next_answer_with_tasks() { armed_.store(true); }
  void cut_all();
  [[nodiscard]] int cuts() const noexcept { return cuts_.load(); }
  // So many have been made.
  [[nodiscard]] int connections() const noexcept { return connections_.load(); }

 private:
  void accept_all();
  // Carries requests to the broker and answers back, one after the other, until either side ends.
  void carry(int client);

  const std::string host_;
  const std::uint16_t broker_port_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> armed_ = false;
  std::atomic<bool> ending_ = false;
  std::atomic<int> cuts_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;  // guards sockets_ and carriers_
  std::vector<int> sockets_;
  std::vector<std::thread> carriers_;
  std::thread acceptor_;
};

// `inner`, which reaches every broker through the proxy.
[[nodiscard]] std::unique_ptr<kafka::wire::Connection> detour(
    const CuttingProxy& proxy, std::unique_ptr<kafka::wire::Connection> inner);

}  // namespace moldau
