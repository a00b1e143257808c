#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/kafka/clients.h"

#include <memory>

namespace moldau::inline v0::kafka::rdkafka {

// Clients over librdkafka. `clock` must outlive them.
[[nodiscard]] std::unique_ptr<KafkaClients> make_clients(const Clock& clock,
                                                         std::shared_ptr<Logger> logger);

}  // namespace moldau::inline v0::kafka::rdkafka
