#include "kafka/memory/broker.h"
#include "kafka/memory/memory_clients.h"
#include "kafka/world.h"

namespace moldau {

namespace {

class MemoryWorld final : public World {
 public:
  kafka::KafkaClients& clients() override { return *clients_; }
  kafka::Memberships& memberships() override { return *memberships_; }
  void clean(const std::string& topic) override {
    kafka::memory::Broker::Turn turn{broker_};
    turn->topics.clean(*turn->topics.find(topic), turn.wall());
  }

 private:
  kafka::memory::Broker broker_{system_clock()};
  std::unique_ptr<kafka::KafkaClients> clients_ = kafka::memory::make_clients(broker_);
  std::unique_ptr<kafka::Memberships> memberships_ = kafka::memory::make_memberships(broker_);
};

}  // namespace

std::unique_ptr<World> make_world() { return std::make_unique<MemoryWorld>(); }

}  // namespace moldau
