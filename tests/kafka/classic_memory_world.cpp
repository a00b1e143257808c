#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"

#include "kafka/memory/broker.h"
#include "kafka/memory/classic_connection.h"
#include "kafka/memory/memory_clients.h"
#include "kafka/world.h"
#include "membership/classic/classic_memberships.h"

namespace moldau {

namespace {

using namespace std::chrono_literals;

// The in-process broker, followed by the classic group protocol.
class ClassicMemoryWorld final : public World {
 public:
  kafka::KafkaClients& clients() override { return *clients_; }
  kafka::Memberships& memberships() override { return *memberships_; }
  [[nodiscard]] kafka::ClientSettings settings() const override {
    return {{"bootstrap.servers", "memory:9092"}};
  }
  void clean(const std::string& topic) override {
    kafka::memory::Broker::Turn turn{broker_};
    turn->topics.clean(*turn->topics.find(topic), turn.wall());
  }

 private:
  kafka::memory::Broker broker_{system_clock()};
  std::unique_ptr<Random> random_ = make_system_random();
  std::unique_ptr<kafka::KafkaClients> clients_ = kafka::memory::make_clients(broker_);
  std::unique_ptr<kafka::Memberships> memberships_ = membership::classic::make_classic_memberships(
      {.clock = system_clock(),
       .random = *random_,
       .workers = thread_workers(),
       .logger = make_console_logger(LogLevel::warning),
       .make_connection =
           [this](const kafka::ClientSettings&) {
             return Result<std::unique_ptr<kafka::wire::Connection>>{
                 kafka::memory::make_classic_connection(broker_)};
           }},
      {.session_timeout = 10s,
       .heartbeat_interval = 50ms,
       .make_admin =
           [this] { return clients_->make_admin({.client_id = "leader", .settings = {}}); }},
      settings());
};

}  // namespace

std::unique_ptr<World> make_world() { return std::make_unique<ClassicMemoryWorld>(); }

}  // namespace moldau
