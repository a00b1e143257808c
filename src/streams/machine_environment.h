#pragma once

#include "moldau/streams/config.h"
#include "moldau/streams/environment.h"

#include <memory>

namespace moldau::inline v0::streams {

// What an application stands on when nobody gives it anything else: librdkafka, a group membership
// over TCP, RocksDB and the machine. RocksDB's memory is shared by the applications of the process:
// the first one decides how much.
class MachineEnvironment {
 public:
  // REQUIRES: config.logger.
  explicit MachineEnvironment(const Config& config);
  ~MachineEnvironment();

  // Whether the clients take the settings: throws ConfigError if not, before anything starts. Warns
  // of what protects less than it seems to.
  static void check(const Config& config);

  [[nodiscard]] Environment environment();

 private:
  std::unique_ptr<Random> random_;
  std::unique_ptr<kafka::KafkaClients> clients_;
  std::unique_ptr<kafka::Memberships> memberships_;
  std::shared_ptr<state::Storage> storage_;  // shared with the other applications of the process
};

}  // namespace moldau::inline v0::streams
