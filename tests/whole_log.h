#pragma once

#include "moldau/base/logger.h"

#include <mutex>
#include <string>
#include <string_view>

namespace moldau {

// Keeps every line, whatever its level.
class WholeLog final : public Logger {
 public:
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return true; }
  void log(LogLevel, std::string_view message) noexcept override {
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
