#pragma once

#include "moldau/export.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace moldau::inline v0 {

enum class LogLevel : std::uint8_t { trace, debug, info, warning, error };

// Where the library's messages go. One is handed to each application; there is no global logger.
// Called from every thread of the application, so implementations lock what they share.
class MOLDAU_EXPORT Logger {
 public:
  virtual ~Logger();
  // True if a message of this level would be written. Ask before formatting an expensive one.
  [[nodiscard]] virtual bool enabled(LogLevel level) const noexcept = 0;
  virtual void log(LogLevel level, std::string_view message) noexcept = 0;

  void debug(std::string_view message) noexcept { log(LogLevel::debug, message); }
  void info(std::string_view message) noexcept { log(LogLevel::info, message); }
  void warning(std::string_view message) noexcept { log(LogLevel::warning, message); }
  void error(std::string_view message) noexcept { log(LogLevel::error, message); }
};

// Writes to standard error through spdlog, time and level first. Messages below `least` are left
// out.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<Logger> make_console_logger(
    LogLevel least = LogLevel::info);

// Writes nothing.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<Logger> make_silent_logger();

}  // namespace moldau::inline v0
