#pragma once

// MOLDAU_FAULT("commit.after_flush") marks a point at which a test may kill the process or fail a
// step. MOLDAU_MUTATION("restore-to-lso") is true if a test asks for that mistake: it says where
// the protocol would break, and lets a test show that it would notice. Both are compiled out unless
// MOLDAU_FAULTS is defined (the test build of the library).
#if defined(MOLDAU_FAULTS)

#include <functional>
#include <string>
#include <string_view>

namespace moldau::inline v0::runtime {

// Called at every point, on the thread that reaches it. Set before any thread starts; empty:
// nothing.
std::function<void(std::string_view point)>& fault_hook();

// The one mistake that is made; empty: none. Set before any thread starts.
std::string& chosen_mutation();

}  // namespace moldau::inline v0::runtime

#define MOLDAU_FAULT(point)                                              \
  do {                                                                   \
    if (const auto& hook = ::moldau::runtime::fault_hook()) hook(point); \
  } while (false)
#define MOLDAU_MUTATION(name) (::moldau::runtime::chosen_mutation() == (name))

#else
#define MOLDAU_FAULT(point) static_cast<void>(0)
#define MOLDAU_MUTATION(name) false
#endif
