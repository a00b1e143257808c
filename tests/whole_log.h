#pragma once

#include "moldau/base/logger.h"

#include <mutex>
#include <string>
#include <string_view>

namespace moldau {

// Keeps every line of a level or above; of whatever level unless one is given.
class WholeLog : public Logger {
 public:
  explicit WholeLog(LogLevel lowest = LogLevel::trace) : lowest_(lowest) {}
  ~WholeLog() override = default;
  WholeLog(const WholeLog&) = delete;
  WholeLog& operator=(const WholeLog&) = delete;

  [[nodiscard]] bool enabled(LogLevel level) const noexcept override { return level >= lowest_; }
  void log(LogLevel level, std::string_view message) noexcept override {
    if (!enabled(level)) return;
    const std::lock_guard lock{mutex_};
    text_.append(message).append("\n");
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock{mutex_};
    return text_;
  }

 private:
  const LogLevel lowest_;
  mutable std::mutex mutex_;  // guards text_
  std::string text_;
};

}  // namespace moldau
