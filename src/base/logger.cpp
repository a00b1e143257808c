#include "moldau/base/logger.h"

namespace moldau::inline v0 {

Logger::~Logger() = default;

namespace {

class SilentLogger final : public Logger {
 public:
  bool enabled(LogLevel) const noexcept override { return false; }
  void log(LogLevel, std::string_view) noexcept override {}
};

}  // namespace

std::shared_ptr<Logger> make_silent_logger() { return std::make_shared<SilentLogger>(); }

}  // namespace moldau::inline v0
