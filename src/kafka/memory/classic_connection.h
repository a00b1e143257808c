#pragma once

#include "kafka/memory/broker.h"
#include "kafka/wire/connection.h"

#include <memory>

namespace moldau::inline v0::kafka::memory {

// A connection to the broker for members of classic groups, with the bytes of the protocol on it:
// what they need to find a coordinator, to be a member and to commit is answered, anything else is
// an error of the test. `broker` must outlive it. Whatever address is opened leads there.
[[nodiscard]] std::unique_ptr<wire::Connection> make_classic_connection(Broker& broker);

}  // namespace moldau::inline v0::kafka::memory
