#pragma once

#include "moldau/base/logger.h"

#include <mutex>
#include <string>

namespace moldau {

// Keeps everything that is logged at warning or above.
class NotingLogger final : public Logger {
 public:
  [[nodiscard]] bool enabled(LogLevel level) const noexcept override {
    return level >= LogLevel::warning;
  }
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
  mutable std::mutex mutex_;  // guards text_
  std::string text_;
};

}  // namespace moldau
