#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"

#include <cstddef>

namespace moldau::inline v0 {

// What a JSON serde accepts, in both directions: what it writes it can read.
struct JsonLimits {
  // Largest text in bytes. Default: 16 MiB. Raise it together with the topic's max.message.bytes.
  std::size_t max_bytes = std::size_t{16} * 1024 * 1024;

  // Deepest nesting of arrays and objects. Default: 128. Values that nest deeper are mostly
  // attacks: code that walks a value by recursion runs out of stack on them.
  std::size_t max_depth = 128;
};

namespace detail {

// Throws SerdeError if the text is larger or nested deeper than `limits` allow. Does not check that
// it is JSON.
MOLDAU_EXPORT void check_json_limits(Bytes text, const JsonLimits& limits);

// Throws SerdeError. The message has the place, not the text: records may be confidential.
[[noreturn]] MOLDAU_EXPORT void throw_invalid_json(std::size_t at, std::size_t size);

// Throws SerdeError: the text is JSON, but not what the type needs.
[[noreturn]] MOLDAU_EXPORT void throw_json_mismatch(const char* reason);

}  // namespace detail
}  // namespace moldau::inline v0
