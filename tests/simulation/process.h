#pragma once

#include "moldau/base/random.h"
#include "moldau/kafka/clients.h"
#include "moldau/streams/streams.h"

#include "simulation/dice.h"
#include "simulation/disk.h"
#include "simulation/process_watch.h"
#include "simulation/simulated_workers.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace moldau::simulation {

// What a process needs to know of the world around it. All of it outlives the process.
struct Surroundings {
  kafka::KafkaClients& clients;
  kafka::Memberships& memberships;
  Clock& clock;
  ProcessWatch& watch;
};

// One process with one application in it, from its start to its end. It ends by close(), or it
// dies: then nothing it does reaches the broker or the disk any more, and its threads run no
// further.
class Process final : private BatchWatch {
 public:
  // `wait` lets the world go on until the worker has finished.
  Process(int machine, Disk& disk, const Surroundings& around, std::uint64_t seed,
          std::function<void(Process&, const SimulatedWorkers::Task&)> wait);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void start(Topology topology, Config config);
  // Closes the application in order. REQUIRES: no worker is busy.
  void close() { streams_->close(); }

  void die() noexcept { dead_ = true; }
  [[nodiscard]] bool dead() const noexcept { return dead_; }
  [[nodiscard]] int machine() const noexcept { return machine_; }
  [[nodiscard]] const SimulatedWorkers& workers() const noexcept { return workers_; }
  [[nodiscard]] const Streams& streams() const noexcept { return *streams_; }
  // Group members and transactional ids that it has used.
  [[nodiscard]] const std::set<std::string>& members() const noexcept { return members_; }
  [[nodiscard]] const std::set<std::string>& transactional_ids() const noexcept {
    return transactional_ids_;
  }
  // Active tasks that its members have acknowledged last.
  [[nodiscard]] std::size_t active_tasks() const;
  // Clients that it has made and not destroyed.
  [[nodiscard]] int open_clients() const noexcept { return open_clients_; }
  // Its state folder.
  [[nodiscard]] std::string folder() const;

 private:
  class Consumer;
  class Producer;
  class Admin;
  class Member;
  class Clients;
  class Members;
  class Seeded;
  friend class OpenClient;

  bool before_batch(const std::string& path) override;
  void after_batch(const std::string& path, std::span<const state::StorageWrite> writes,
                   const state::StorageMap& rows) override;
  void destroyed(const std::string& path) override;

  int machine_;
  Surroundings around_;
  bool dead_ = false;
  int open_clients_ = 0;
  std::set<std::string> members_;
  std::set<std::string> transactional_ids_;
  std::map<std::string, Member*> members_by_client_;
  SimulatedFiles files_;
  std::shared_ptr<SimulatedStorage> storage_;  // shared with the application
  SimulatedWorkers workers_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<Clients> clients_;
  std::unique_ptr<Members> memberships_;
  std::unique_ptr<Streams> streams_;
};

}  // namespace moldau::simulation
