#include "moldau/serde/void.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0 {

void Serde<Void>::deserialize(Bytes bytes, Void& /*value*/) {
  throw SerdeError("Void: expected null, found " + std::to_string(bytes.size()) + " bytes");
}

}  // namespace moldau::inline v0
