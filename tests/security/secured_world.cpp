#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"

#include "kafka/rdkafka/clients.h"
#include "kafka/world.h"
#include "membership/streams_memberships.h"
#include "security/secured_broker.h"

namespace moldau {

namespace {

// The secured broker, where everything is allowed.
class SecuredWorld final : public World {
 public:
  kafka::KafkaClients& clients() override { return *clients_; }
  kafka::Memberships& memberships() override { return *memberships_; }
  kafka::ClientSettings settings() const override { return unprotected(); }

 private:
  std::shared_ptr<Logger> logger_ = make_console_logger(LogLevel::warning);
  std::unique_ptr<Random> random_ = make_system_random();
  std::unique_ptr<kafka::KafkaClients> clients_ =
      kafka::rdkafka::make_clients(system_clock(), logger_);
  std::unique_ptr<kafka::Memberships> memberships_ =
      membership::make_streams_memberships(system_clock(), *random_, thread_workers(), logger_);
};

}  // namespace

std::unique_ptr<World> make_world() { return std::make_unique<SecuredWorld>(); }

}  // namespace moldau
