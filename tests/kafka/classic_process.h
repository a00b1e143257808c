#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"

#include "kafka/memory/broker.h"
#include "kafka/memory/classic_connection.h"
#include "membership/classic/classic_memberships.h"

#include <chrono>
#include <memory>

namespace moldau {

// Where the in-process broker is, for those who want an address.
inline const kafka::ClientSettings memory_address{{"bootstrap.servers", "memory:9092"}};

// A process whose members follow classic groups of the in-process broker. What is referred to must
// outlive it.
inline std::unique_ptr<kafka::Memberships> make_classic_process(
    kafka::memory::Broker& broker, kafka::KafkaClients& clients, Random& random,
    std::chrono::milliseconds session_timeout, std::chrono::milliseconds heartbeat_interval) {
  return membership::classic::make_classic_memberships(
      {.clock = system_clock(),
       .random = random,
       .workers = thread_workers(),
       .logger = make_console_logger(LogLevel::warning),
       .make_connection =
           [&broker](const kafka::ClientSettings&) {
             return Result<std::unique_ptr<kafka::wire::Connection>>{
                 kafka::memory::make_classic_connection(broker)};
           }},
      {.session_timeout = session_timeout,
       .heartbeat_interval = heartbeat_interval,
       .make_admin =
           [&clients] { return clients.make_admin({.client_id = "leader", .settings = {}}); }},
      memory_address);
}

}  // namespace moldau
