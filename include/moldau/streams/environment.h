#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/filesystem.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"
#include "moldau/export.h"
#include "moldau/kafka/clients.h"
#include "moldau/state/storage.h"

#include <memory>

namespace moldau::inline v0 {

// All that an application stands on. The default is librdkafka, a group membership over TCP,
// RocksDB and the machine; a test or a simulator replaces it whole, and then runs the same code.
// Everything referred to must outlive the application.
struct Environment {
  kafka::KafkaClients& clients;
  kafka::Memberships& memberships;
  Clock& clock;
  Random& random;
  Filesystem& files;
  Workers& workers;
  std::shared_ptr<state::Storage> storage;  // shared by the applications of the process
};

}  // namespace moldau::inline v0
