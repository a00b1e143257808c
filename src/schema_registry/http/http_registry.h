#pragma once

#include "moldau/serde/schema_registry.h"

#include "schema_registry/http/http_exchange.h"

#include <memory>
#include <string>

namespace moldau::inline v0::schema_registry {

// The registry's HTTP interface: what is asked, and what the answers mean. Asks each time.
//
// Used by one thread at a time.
class HttpRegistry final : public SchemaRegistry {
 public:
  explicit HttpRegistry(HttpExchange exchange) : exchange_(std::move(exchange)) {}

  SchemaId add(const std::string& subject, const SchemaDefinition& schema,
               Options options) override;
  Registered find(const std::string& subject, const SchemaDefinition& schema,
                  Options options) override;
  std::shared_ptr<const SchemaDefinition> schema(SchemaId id) override;
  std::shared_ptr<const SchemaDefinition> schema(const std::string& subject,
                                                 SchemaVersion version) override;

 private:
  HttpExchange exchange_;
};

}  // namespace moldau::inline v0::schema_registry
