#pragma once

#include "moldau/export.h"

namespace moldau::inline v0 {

// Throws std::logic_error naming the place. Out of line, so that a check costs one branch.
[[noreturn]] MOLDAU_EXPORT void assertion_failed(const char* condition, const char* file, int line);

}  // namespace moldau::inline v0

// For our own bugs only: nothing that a broker, a topic, a file or a user can cause may reach it.
// Active unless NDEBUG is defined.
#if defined(NDEBUG)
#define MOLDAU_ASSERT(condition) static_cast<void>(0)
#else
#define MOLDAU_ASSERT(condition)                       \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::moldau::assertion_failed(#condition, __FILE__, __LINE__))
#endif
