#pragma once

#include "moldau/base/logger.h"

#include "whole_log.h"

namespace moldau {

// Keeps everything that is logged at warning or above.
class NotingLogger final : public WholeLog {
 public:
  NotingLogger() : WholeLog(LogLevel::warning) {}
};

}  // namespace moldau
