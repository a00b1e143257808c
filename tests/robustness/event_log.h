#pragma once

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string_view>

namespace robustness {

// What happens to a process, for the driver that watches it: one line on standard output for each
// event, `microseconds-since-1970 event details`, written at once. Any thread.
class EventLog {
 public:
  void event(std::string_view text) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    const std::lock_guard lock{mutex_};
    std::printf("%lld %.*s\n", static_cast<long long>(micros), static_cast<int>(text.size()),
                text.data());
    std::fflush(stdout);
  }

 private:
  std::mutex mutex_;  // keeps lines whole
};

}  // namespace robustness
