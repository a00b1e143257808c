#include "moldau/serde/numbers.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0 {

void Serde<bool>::deserialize(Bytes bytes, bool& value) {
  if (bytes.size() != 1) detail::throw_wrong_size("bool", 1, bytes.size());
  const auto number = std::to_integer<unsigned>(bytes[0]);
  if (number > 1) {
    throw SerdeError("bool: expected a byte of 0 or 1, found " + std::to_string(number));
  }
  value = number == 1;
}

}  // namespace moldau::inline v0
