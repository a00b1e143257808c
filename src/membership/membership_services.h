#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/status.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/clients.h"

#include "kafka/wire/connection.h"

#include <functional>
#include <memory>

namespace moldau::inline v0::membership {

// Makes the connections to brokers that `settings` ask for.
using MakeConnection = std::function<Result<std::unique_ptr<kafka::wire::Connection>>(
    const kafka::ClientSettings& settings)>;

// What members of groups stand on. What is referred to must outlive them.
struct MembershipServices {
  Clock& clock;
  Random& random;
  Workers& workers;
  std::shared_ptr<Logger> logger;
  MakeConnection make_connection;
};

}  // namespace moldau::inline v0::membership
