#include "streams/machine_environment.h"

#include "kafka/rdkafka/clients.h"
#include "membership/streams_memberships.h"
#include "streams/client_settings.h"

#include <mutex>

namespace moldau::inline v0::streams {

namespace {

// One budget for all stores of the process, as long as any application holds it.
std::shared_ptr<state::Storage> process_storage(const state::StorageBudget& budget) {
  static std::mutex mutex;  // guards current
  static std::weak_ptr<state::Storage> current;
  const std::lock_guard lock{mutex};
  std::shared_ptr<state::Storage> storage = current.lock();
  if (storage == nullptr) {
    storage = state::make_rocksdb_storage(budget);
    current = storage;
  }
  return storage;
}

kafka::ClientSettings broker_settings(const Config& config) {
  kafka::ClientSettings settings = translate(config.clients, ClientRole::main_consumer).settings;
  settings.insert_or_assign("bootstrap.servers", config.bootstrap_servers);
  return settings;
}

}  // namespace

MachineEnvironment::MachineEnvironment(const Config& config)
    : random_(make_system_random()),
      clients_(kafka::rdkafka::make_clients(system_clock(), config.logger)),
      memberships_(membership::make_streams_memberships(system_clock(), *random_, thread_workers(),
                                                        config.logger, broker_settings(config))),
      storage_(process_storage({.block_cache_bytes = config.rocksdb_block_cache_bytes,
                                .write_buffer_bytes = config.rocksdb_write_buffer_bytes})) {}

MachineEnvironment::~MachineEnvironment() = default;

Environment MachineEnvironment::environment() {
  return {.clients = *clients_,
          .memberships = *memberships_,
          .clock = system_clock(),
          .random = *random_,
          .files = system_filesystem(),
          .workers = thread_workers(),
          .storage = storage_};
}

}  // namespace moldau::inline v0::streams
