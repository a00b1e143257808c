#include "streams/machine_environment.h"

#include "moldau/base/error.h"

#include "kafka/rdkafka/clients.h"
#include "kafka/wire/make_connection.h"
#include "kafka/wire/security_settings.h"
#include "membership/chosen_memberships.h"
#include "membership/classic/classic_memberships.h"
#include "membership/streams_memberships.h"
#include "runtime/state_directory.h"
#include "streams/client_settings.h"
#include "streams/config_values.h"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>

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

// problems() has read these values before: they are numbers.
std::chrono::milliseconds time_or(const std::map<std::string, std::string>& values,
                                  const std::string& key, std::chrono::milliseconds fallback) {
  const auto found = values.find(key);
  return found == values.end() ? fallback : parse_milliseconds(found->second, 1);
}

membership::classic::ClassicOptions classic_options(const Config& config,
                                                    kafka::KafkaClients& clients) {
  const auto ours = translate(config.clients, ClientRole::main_consumer).ours;
  membership::classic::ClassicOptions options;
  options.session_timeout = time_or(ours, "session.timeout.ms", options.session_timeout);
  options.heartbeat_interval = time_or(ours, "heartbeat.interval.ms", options.heartbeat_interval);
  options.standby_replicas = static_cast<std::size_t>(config.num_standby_replicas);
  kafka::AdminOptions admin{.client_id = config.application_id + "-leader-admin",
                            .settings = translate(config.clients, ClientRole::admin).settings};
  admin.settings.insert_or_assign("bootstrap.servers", config.bootstrap_servers);
  options.make_admin = [&clients, admin = std::move(admin)] { return clients.make_admin(admin); };
  options.stored_tasks = [directory = config.state_dir, id = config.application_id] {
    return runtime::StateDirectory::stored_tasks(system_filesystem(), directory, id);
  };
  return options;
}

std::unique_ptr<kafka::Memberships> make_memberships(const Config& config,
                                                     kafka::KafkaClients& clients, Random& random) {
  const membership::MembershipServices services{
      .clock = system_clock(),
      .random = random,
      .workers = thread_workers(),
      .logger = config.logger,
      .make_connection = [tokens = config.oauthbearer_tokens](const kafka::ClientSettings& each) {
        return kafka::wire::make_connection(each, system_clock(), tokens);
      }};
  const auto streams = [&] {
    return membership::make_streams_memberships(services, broker_settings(config));
  };
  const auto classic = [&] {
    return membership::classic::make_classic_memberships(services, classic_options(config, clients),
                                                         broker_settings(config));
  };
  switch (config.group_protocol) {
    case GroupProtocol::streams:
      return streams();
    case GroupProtocol::classic:
      config.logger->info("group " + config.application_id +
                          ": the classic group protocol is used (group.protocol=classic)");
      return classic();
    case GroupProtocol::automatic:
      break;
  }
  return membership::make_chosen_memberships(streams(), classic(), config.logger);
}

}  // namespace

MachineEnvironment::MachineEnvironment(const Config& config)
    : random_(make_system_random()),
      clients_(
          kafka::rdkafka::make_clients(system_clock(), config.logger, config.oauthbearer_tokens)),
      memberships_(make_memberships(config, *clients_, *random_)),
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
