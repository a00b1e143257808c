#include "moldau/base/logger.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

namespace moldau::inline v0 {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// A logger of its own, not in spdlog's global registry: two applications in one process must not
// meet.
class ConsoleLogger final : public Logger {
 public:
  explicit ConsoleLogger(LogLevel least)
      : logger_("moldau", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {
    logger_.set_level(to_spdlog(least));
    logger_.set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    logger_.flush_on(spdlog::level::warn);
  }

  bool enabled(LogLevel level) const noexcept override {
    return logger_.should_log(to_spdlog(level));
  }
  void log(LogLevel level, std::string_view message) noexcept override {
    logger_.log(to_spdlog(level), spdlog::string_view_t{message.data(), message.size()});
  }

 private:
  spdlog::logger logger_;
};

}  // namespace

std::shared_ptr<Logger> make_console_logger(LogLevel least) {
  return std::make_shared<ConsoleLogger>(least);
}

}  // namespace moldau::inline v0
