#include "simulation/process.h"

#include "simulation/process_clients.h"

#include <utility>

namespace moldau::simulation {

namespace {

// The conversion is private: only a member may make it.
std::shared_ptr<SimulatedStorage> storage_on(Disk& disk, BatchWatch& watch) {
  return std::make_shared<SimulatedStorage>(disk, watch);
}

}  // namespace

class Process::Seeded final : public Random {
 public:
  explicit Seeded(std::uint64_t seed) : dice_(seed) {}
  [[nodiscard]] std::uint64_t next() override { return dice_.next(); }

 private:
  Dice dice_;
};

Process::Process(int machine, Disk& disk, const Surroundings& around, std::uint64_t seed,
                 std::function<void(Process&, const SimulatedWorkers::Task&)> wait)
    : machine_(machine),
      around_(around),
      files_(disk),
      storage_(storage_on(disk, *this)),
      workers_(around.clock, [this, wait = std::move(wait)](
                                 const SimulatedWorkers::Task& task) { wait(*this, task); }),
      random_(std::make_unique<Seeded>(seed)),
      clients_(std::make_unique<Clients>(*this)),
      memberships_(std::make_unique<Members>(*this)) {}

Process::~Process() = default;

std::string Process::folder() const { return "/machine-" + std::to_string(machine_); }

void Process::start(Topology topology, Config config) {
  config.state_dir = folder();
  streams_ = std::make_unique<Streams>(std::move(topology), std::move(config),
                                       Environment{.clients = *clients_,
                                                   .memberships = *memberships_,
                                                   .clock = around_.clock,
                                                   .random = *random_,
                                                   .files = files_,
                                                   .workers = workers_,
                                                   .storage = storage_});
  streams_->start();
}

bool Process::before_batch(const std::string& path) {
  if (dead_) return false;
  around_.watch.reached(*this, "batch");
  static_cast<void>(path);
  return !dead_;
}

void Process::after_batch(const std::string& path, std::span<const state::StorageWrite> writes,
                          const state::StorageMap& rows) {
  around_.watch.batch_written(*this, path, writes, rows);
  around_.watch.reached(*this, "batch_written");
}

void Process::destroyed(const std::string& path) { around_.watch.store_destroyed(*this, path); }

}  // namespace moldau::simulation
