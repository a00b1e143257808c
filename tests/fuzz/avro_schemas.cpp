// Avro schemas, as registries hand them out.

#include "moldau/base/error.h"
#include "moldau/serde/avro/schema.h"

#include "fuzz/target.h"

#include <optional>

namespace moldau::fuzz {

void run(Bytes input) {
  std::optional<AvroSchema> schema;
  // A type takes some hundred bytes, its JSON as a value some more, and `"int",` six.
  const MemoryBound bound{.per_byte = 256};
  const auto parse = [&] { schema = AvroSchema::parse(input.text()); };
  if (!understood<SerdeError>(input, parse, bound)) return;
  require(schema->text() == input.text(), "a schema keeps its text");
  require(AvroSchema::parse(schema->text()) == *schema, "a schema is read as it was written");
}

}  // namespace moldau::fuzz
