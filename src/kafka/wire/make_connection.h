#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"
#include "moldau/kafka/oauthbearer.h"

#include "kafka/wire/connection.h"

#include <memory>

namespace moldau::inline v0::kafka::wire {

// The connection that the settings of the clients ask for, so that it reaches the brokers the way
// librdkafka does: `broker.address.family` and what security_settings.h reads; other settings of
// sockets are librdkafka's alone. `tokens` are OAUTHBEARER's and may be empty. Files of
// certificates and keys are read, but nothing is connected yet. A value or a file that cannot be
// used is ErrorCode::invalid_request, not retriable. `clock` must outlive the connection.
[[nodiscard]] Result<std::unique_ptr<Connection>> make_connection(
    const ClientSettings& settings, const Clock& clock,
    const OAuthBearerTokenProvider& tokens = {});

}  // namespace moldau::inline v0::kafka::wire
