// JSON that arrives in records.

#include "moldau/base/error.h"
#include "moldau/serde/json.h"

#include "fuzz/target.h"

namespace moldau::fuzz {

void run(Bytes input) {
  Choices choices{input};
  const JsonLimits limits =
      choices.one_of(2) == 0 ? JsonLimits{} : JsonLimits{.max_bytes = 1024, .max_depth = 8};
  const Bytes text = choices.rest();

  nlohmann::json value;
  // Of a library that keeps each number as 16 bytes and each member as a node of a tree.
  const MemoryBound bound{.per_byte = 64};
  if (!understood<SerdeError>(
          text, [&] { value = detail::parse_json(text, limits); }, bound)) {
    return;
  }
  require(text.size() <= limits.max_bytes, "the limit is kept");

  ByteBuffer written;
  try {
    detail::write_json(value, limits, written);
  } catch (const SerdeError&) {  // numbers may be longer than they were
    require(written.empty(), "what is not written is not begun");
    return;
  }
  require(detail::parse_json(written, limits) == value, "a value is read as it was written");
}

}  // namespace moldau::fuzz
