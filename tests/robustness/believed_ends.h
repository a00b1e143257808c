#pragma once

#include "moldau/streams/environment.h"

#include <memory>

namespace robustness {

// An environment whose producers call every end of a transaction clean, also one that was asked for
// twice. An application on it goes on with the same producer, and a stray copy of the request may
// end the next transaction: tests of such requests must notice. `below` must outlive it.
class BelievedEndsEnvironment {
 public:
  explicit BelievedEndsEnvironment(const moldau::Environment& below);
  [[nodiscard]] moldau::Environment environment();

 private:
  moldau::Environment below_;
  std::unique_ptr<moldau::kafka::KafkaClients> clients_;
};

}  // namespace robustness
