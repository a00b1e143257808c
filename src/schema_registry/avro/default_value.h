#pragma once

#include "moldau/base/bytes.h"

#include "schema_registry/avro/schema_tree.h"

#include <nlohmann/json_fwd.hpp>

namespace moldau::inline v0::avro {

// Appends the value that a schema writes down as JSON, as Avro bytes of `type`. SerdeError if it is
// no value of that type. REQUIRES: the schema is parsed completely, but for its defaults.
void write_default(const SchemaNode& type, const nlohmann::json& value, ByteBuffer& out);

}  // namespace moldau::inline v0::avro
