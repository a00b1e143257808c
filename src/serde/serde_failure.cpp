#include "moldau/serde/serde_failure.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0::detail {

void throw_wrong_size(std::string_view type, std::size_t expected, std::size_t found) {
  throw SerdeError(std::string{type} + ": expected " + std::to_string(expected) +
                   (expected == 1 ? " byte" : " bytes") + ", found " + std::to_string(found));
}

}  // namespace moldau::inline v0::detail
