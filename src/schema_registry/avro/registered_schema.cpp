#include "schema_registry/avro/registered_schema.h"

#include "moldau/base/error.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::avro {

namespace {

// Parses a schema after those it refers to. Each is parsed once, however many refer to it: a type
// that is met on two ways is one type.
class References {
 public:
  explicit References(SchemaRegistry& registry) : registry_(registry) {}

  AvroSchema parse(const SchemaDefinition& schema, std::size_t depth = 0) {
    if (schema.type != SchemaType::avro) {
      throw SerdeError("expected an Avro schema, found one of type " +
                       std::string{name(schema.type)});
    }
    constexpr std::size_t most = 64;  // a registry refuses circles; this ends them all the same
    if (depth > most) throw SerdeError("schemas refer to each other more than 64 deep");
    std::vector<AvroReference> known;
    for (const SchemaReference& reference : schema.references) {
      const std::pair key{reference.subject, reference.version};
      auto found = parsed_.find(key);
      if (found == parsed_.end()) {
        const auto other = registry_.schema(reference.subject, reference.version);
        found = parsed_.emplace(key, parse(*other, depth + 1)).first;
      }
      known.push_back({found->second, reference});
    }
    return AvroSchema::parse(schema.text, known);
  }

 private:
  SchemaRegistry& registry_;
  std::map<std::pair<std::string, SchemaVersion>, AvroSchema> parsed_;
};

}  // namespace

AvroSchema registered_schema(SchemaRegistry& registry, SchemaId id) {
  const std::shared_ptr<const SchemaDefinition> schema = registry.schema(id);
  try {
    return References{registry}.parse(*schema);
  } catch (const SerdeError& error) {
    throw SerdeError("schema id " + std::to_string(id.value()) + ": " + error.what());
  }
}

}  // namespace moldau::inline v0::avro
