#include "moldau/serde/json_limits.h"

#include "moldau/base/error.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace moldau::inline v0::detail {

namespace {

// The deepest nesting of arrays and objects, never less than a JSON parser finds in the same text.
// In text that is not JSON it may be more.
std::size_t nesting_depth(std::string_view text) noexcept {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;  // the next character is not a closing quote
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

void check_json_limits(Bytes text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    throw SerdeError("JSON: expected at most " + std::to_string(limits.max_bytes) +
                     " bytes, found " + std::to_string(text.size()));
  }
  const std::size_t depth = nesting_depth(text.text());
  if (depth > limits.max_depth) {
    throw SerdeError("JSON: expected a nesting of at most " + std::to_string(limits.max_depth) +
                     ", found " + std::to_string(depth));
  }
}

void throw_invalid_json(std::size_t at, std::size_t size) {
  throw SerdeError("JSON: expected valid JSON, found an error at byte " + std::to_string(at) +
                   " of " + std::to_string(size));
}

void throw_json_mismatch(const char* reason) { throw SerdeError(std::string{"JSON: "} + reason); }

}  // namespace moldau::inline v0::detail
