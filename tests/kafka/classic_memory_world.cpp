#include "moldau/base/random.h"

#include "kafka/classic_process.h"
#include "kafka/memory/broker.h"
#include "kafka/memory/memory_clients.h"
#include "kafka/world.h"

namespace moldau {

namespace {

using namespace std::chrono_literals;

// The in-process broker, followed by the classic group protocol.
class ClassicMemoryWorld final : public World {
 public:
  kafka::KafkaClients& clients() override { return *clients_; }
  kafka::Memberships& memberships() override { return *memberships_; }
  [[nodiscard]] kafka::ClientSettings settings() const override { return memory_address; }
  void clean(const std::string& topic) override {
    kafka::memory::Broker::Turn turn{broker_};
    turn->topics.clean(*turn->topics.find(topic), turn.wall());
  }

 private:
  kafka::memory::Broker broker_{system_clock()};
  std::unique_ptr<Random> random_ = make_system_random();
  std::unique_ptr<kafka::KafkaClients> clients_ = kafka::memory::make_clients(broker_);
  std::unique_ptr<kafka::Memberships> memberships_ =
      make_classic_process(broker_, *clients_, *random_, 10s, 50ms);
};

}  // namespace

std::unique_ptr<World> make_world() { return std::make_unique<ClassicMemoryWorld>(); }

}  // namespace moldau
