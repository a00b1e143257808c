#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/kafka/clients.h"
#include "moldau/kafka/oauthbearer.h"

#include <memory>

namespace moldau::inline v0::kafka::rdkafka {

// Clients over librdkafka. `clock` must outlive them. `tokens` are for SASL OAUTHBEARER and may be
// empty.
[[nodiscard]] std::unique_ptr<KafkaClients> make_clients(const Clock& clock,
                                                         std::shared_ptr<Logger> logger,
                                                         OAuthBearerTokenProvider tokens = {});

// Ok if clients of every kind can be made with these settings; else what make_consumer() and so on
// would say.
[[nodiscard]] Status check_settings(const ClientSettings& settings);

}  // namespace moldau::inline v0::kafka::rdkafka
