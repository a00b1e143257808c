#pragma once

#include "moldau/serde/avro.h"

#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace moldau {

// Tries that fail at once need no pauses.
inline SchemaRegistryOptions quick() {
  return {
      .timeout = std::chrono::seconds{5}, .retries = 2, .backoff = std::chrono::milliseconds{1}};
}

template <class Server>
std::shared_ptr<SchemaRegistry> client_of(const Server& server,
                                          SchemaRegistryOptions options = quick()) {
  return make_schema_registry({server.url()}, std::move(options));
}

// The message of the error that writing a record ends with; "nothing thrown" if it does not.
template <class E = SchemaRegistryError>
std::string failure_to_write(const std::shared_ptr<SchemaRegistry>& registry,
                             RegistrySerdeOptions options = orders()) {
  const auto serde = avro_serde<shelf::Order>(registry, std::move(options));
  return failure_of<E>([&] { static_cast<void>(written_by(serde, shelf::Order{})); });
}

}  // namespace moldau
