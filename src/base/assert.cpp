#include "moldau/base/assert.h"

#include <stdexcept>
#include <string>

namespace moldau::inline v0 {

void assertion_failed(const char* condition, const char* file, int line) {
  throw std::logic_error(std::string{"moldau bug, please report: "} + condition +
                         " does not hold at " + file + ":" + std::to_string(line));
}

}  // namespace moldau::inline v0
