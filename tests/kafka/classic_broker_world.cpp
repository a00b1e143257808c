#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"

#include "broker/address.h"
#include "kafka/rdkafka/clients.h"
#include "kafka/wire/make_connection.h"
#include "kafka/world.h"
#include "membership/classic/classic_memberships.h"

namespace moldau {

namespace {

using namespace std::chrono_literals;

// A real broker, followed by the classic group protocol.
class ClassicBrokerWorld final : public World {
 public:
  kafka::KafkaClients& clients() override { return *clients_; }
  kafka::Memberships& memberships() override { return *memberships_; }
  [[nodiscard]] kafka::ClientSettings settings() const override {
    return {{"bootstrap.servers", address_}};
  }

 private:
  std::string address_ = broker_address();
  std::shared_ptr<Logger> logger_ = make_console_logger(LogLevel::warning);
  std::unique_ptr<Random> random_ = make_system_random();
  std::unique_ptr<kafka::KafkaClients> clients_ =
      kafka::rdkafka::make_clients(system_clock(), logger_);
  std::unique_ptr<kafka::Memberships> memberships_ = membership::classic::make_classic_memberships(
      {.clock = system_clock(),
       .random = *random_,
       .workers = thread_workers(),
       .logger = logger_,
       .make_connection =
           [](const kafka::ClientSettings& each) {
             return kafka::wire::make_connection(each, system_clock());
           }},
      {.heartbeat_interval = 200ms,
       .make_admin =
           [this] {
             return clients_->make_admin({.client_id = "leader", .settings = settings()});
           }},
      settings());
};

}  // namespace

std::unique_ptr<World> make_world() { return std::make_unique<ClassicBrokerWorld>(); }

}  // namespace moldau
