#pragma once

#include "moldau/kafka/clients.h"

#include "kafka/memory/broker.h"

#include <memory>
#include <string>

namespace moldau::inline v0::kafka::memory {

// Clients of a broker in this process. `broker` must outlive them. Any thread; each client as its
// interface says.
[[nodiscard]] std::unique_ptr<KafkaClients> make_clients(Broker& broker);

// Members of its groups. They live without a worker: a member is heard of as long as its object
// exists, and one that is destroyed without leave() is one that crashed.
[[nodiscard]] std::unique_ptr<Memberships> make_memberships(Broker& broker);

[[nodiscard]] std::unique_ptr<Consumer> make_consumer(Broker& broker, ConsumerOptions options);
[[nodiscard]] Result<std::unique_ptr<Producer>> make_producer(Broker& broker,
                                                              ProducerOptions options);
[[nodiscard]] std::unique_ptr<Admin> make_admin(Broker& broker);

}  // namespace moldau::inline v0::kafka::memory
