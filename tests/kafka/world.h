#pragma once

#include "moldau/kafka/clients.h"

#include <memory>
#include <string>

namespace moldau {

// Something that claims to be Kafka, as far as the seams of moldau/kafka show it. The contract
// tests are written once against this; each program of them links one implementation of
// make_world().
class World {
 public:
  virtual ~World() = default;
  [[nodiscard]] virtual kafka::KafkaClients& clients() = 0;
  [[nodiscard]] virtual kafka::Memberships& memberships() = 0;
  // What clients need to get there.
  [[nodiscard]] virtual kafka::ClientSettings settings() const { return {}; }
  // Cleans a compacted topic, where that does not happen by itself within seconds.
  virtual void clean(const std::string& topic) { static_cast<void>(topic); }
};

[[nodiscard]] std::unique_ptr<World> make_world();

}  // namespace moldau
