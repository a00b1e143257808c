#pragma once

#include <chrono>
#include <thread>

namespace moldau {

// Waits until `condition()` holds, at most `limit`: for what other threads, processes or a broker
// do in their own time. Returns what the condition said last.
template <class F>
[[nodiscard]] bool eventually(std::chrono::milliseconds limit, F condition) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return condition();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace moldau
