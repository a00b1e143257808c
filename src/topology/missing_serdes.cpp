#include "topology/missing_serdes.h"

#include "moldau/base/error.h"
#include "moldau/processor/node.h"

#include <string>

namespace moldau::inline v0::topology {

void refuse_missing_serde(std::string_view node, std::string_view what, std::type_index type,
                          std::string_view option) {
  const std::string text = processor::readable_type(type);
  throw TopologyError("\"" + std::string{node} + "\" needs bytes for its " + std::string{what} +
                      "s of type " + text +
                      ", and there is no serde for them: specialise moldau::Serde<" + text +
                      ">, or give the operator a serde instance as ." + std::string{option});
}

void check_serdes(std::string_view node, const processor::BoundaryTypes& types) {
  if (types.key_serde_missing) refuse_missing_serde(node, "key", types.key, "key_serde");
  if (types.value_serde_missing) refuse_missing_serde(node, "value", types.value, "value_serde");
}

}  // namespace moldau::inline v0::topology
