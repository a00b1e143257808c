// must say: std::optional in an Avro type holds no std::variant and no other std::optional: give
// the variant the alternative std::monostate
#include "moldau/serde/avro.h"

#include <optional>
#include <string>
#include <variant>

void wrong(std::shared_ptr<moldau::SchemaRegistry> registry) {
  using Either = std::optional<std::variant<std::string, bool>>;
  static_cast<void>(moldau::avro_serde<Either>(registry, {.topic = "towns"}));
}
