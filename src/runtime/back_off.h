#pragma once

#include <chrono>

namespace moldau::inline v0::runtime {

// How long a thread leaves alone what has just failed, or is not there yet, before it asks again.
inline constexpr std::chrono::milliseconds back_off{100};

}  // namespace moldau::inline v0::runtime
