#include "streams/machine_environment.h"

#include "moldau/base/error.h"

#include "kafka/rdkafka/clients.h"
#include "kafka/wire/make_connection.h"
#include "kafka/wire/security_settings.h"
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
      clients_(
          kafka::rdkafka::make_clients(system_clock(), config.logger, config.oauthbearer_tokens)),
      memberships_(membership::make_streams_memberships(system_clock(), *random_, thread_workers(),
                                                        config.logger, broker_settings(config),
                                                        config.oauthbearer_tokens)),
      storage_(process_storage({.block_cache_bytes = config.rocksdb_block_cache_bytes,
                                .write_buffer_bytes = config.rocksdb_write_buffer_bytes})) {}

MachineEnvironment::~MachineEnvironment() = default;

void MachineEnvironment::check(const Config& config) {
  const kafka::ClientSettings settings = broker_settings(config);
  if (Status status = kafka::rdkafka::check_settings(settings); !status) {
    throw ConfigError{"the configuration cannot be used: " + std::string{status.message()}};
  }
  // Reads the files too.
  const auto connection =
      kafka::wire::make_connection(settings, system_clock(), config.oauthbearer_tokens);
  if (!connection) {
    throw ConfigError{"the configuration cannot be used: " +
                      std::string{connection.error().message()}};
  }
  const auto security = kafka::wire::security_settings(settings, config.oauthbearer_tokens);
  for (const std::string& warning : kafka::wire::security_warnings(*security)) {
    config.logger->warning(warning);
  }
}

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
