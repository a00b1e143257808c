#pragma once

#include "moldau/serde/avro/schema.h"
#include "moldau/serde/schema_registry.h"

namespace moldau::inline v0::avro {

// The schema with that id, parsed, with all the schemas that it refers to. SerdeError if it is no
// Avro schema.
[[nodiscard]] AvroSchema registered_schema(SchemaRegistry& registry, SchemaId id);

}  // namespace moldau::inline v0::avro
