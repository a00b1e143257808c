#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"

#include "kafka/wire/connection.h"

#include <memory>

namespace moldau::inline v0::kafka::wire {

// The connection that the settings of the clients ask for, so that it reaches the brokers the way
// librdkafka does. Looks at `security.protocol` and `broker.address.family`; the other settings of
// sockets and of security are librdkafka's alone. Nothing is connected yet. A value that cannot be
// had is ErrorCode::invalid_request, not retriable: only PLAINTEXT is spoken so far. `clock` must
// outlive the connection.
[[nodiscard]] Result<std::unique_ptr<Connection>> make_connection(const ClientSettings& settings,
                                                                  const Clock& clock);

}  // namespace moldau::inline v0::kafka::wire
