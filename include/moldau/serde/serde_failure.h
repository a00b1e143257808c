#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"

#include <cstddef>
#include <string_view>

namespace moldau::inline v0::detail {

// Throws SerdeError: bytes of a fixed-size type have another size. Out of line, so that a check
// costs one branch.
[[noreturn]] MOLDAU_EXPORT void throw_wrong_size(std::string_view type, std::size_t expected,
                                                 std::size_t found);

}  // namespace moldau::inline v0::detail
