#pragma once

#include "simulation/process.h"

#include <memory>
#include <set>
#include <utility>

// The clients of a process: those of the broker, with somebody looking on and a process around them
// that may die in the middle of a call. No call waits: its time-out is taken for zero.
namespace moldau::simulation {

// Counts the clients that are alive.
class OpenClient {
 public:
  explicit OpenClient(Process& process) : process_(process) { ++process_.open_clients_; }
  ~OpenClient() { --process_.open_clients_; }
  OpenClient(const OpenClient&) = delete;
  OpenClient& operator=(const OpenClient&) = delete;

 private:
  Process& process_;
};

class Process::Clients final : public kafka::KafkaClients {
 public:
  explicit Clients(Process& process) : process_(process) {}
  Result<std::unique_ptr<kafka::Consumer>> make_consumer(
      const kafka::ConsumerOptions& options) override;
  Result<std::unique_ptr<kafka::Producer>> make_producer(
      const kafka::ProducerOptions& options) override;
  Result<std::unique_ptr<kafka::Admin>> make_admin(const kafka::AdminOptions& options) override;

 private:
  Process& process_;
};

class Process::Members final : public kafka::Memberships {
 public:
  explicit Members(Process& process) : process_(process) {}
  Result<std::unique_ptr<kafka::GroupMembership>> make_member(
      const kafka::MembershipOptions& options) override;
  Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                   std::chrono::milliseconds timeout) override;
  Status forget_topology(const std::string& group_id, std::chrono::milliseconds timeout) override;

 private:
  Process& process_;
};

}  // namespace moldau::simulation
