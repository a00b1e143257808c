#pragma once

// MOLDAU_FAULT("commit.after_flush") marks a point at which a test may kill the process or fail a
// step. Compiled out unless MOLDAU_FAULTS is defined (the test build of the library).
#if defined(MOLDAU_FAULTS)

#include <functional>
#include <string_view>

namespace moldau::inline v0::runtime {

// Called at every point, on the thread that reaches it. Set before any thread starts; empty:
// nothing.
std::function<void(std::string_view point)>& fault_hook();

}  // namespace moldau::inline v0::runtime

#define MOLDAU_FAULT(point)                                              \
  do {                                                                   \
    if (const auto& hook = ::moldau::runtime::fault_hook()) hook(point); \
  } while (false)

#else
#define MOLDAU_FAULT(point) static_cast<void>(0)
#endif
