#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

// How long a step of a thread may go on failing. Used on that thread.
class Patience {
 public:
  Patience(const Clock& clock, std::shared_ptr<Logger> logger, std::chrono::milliseconds limit)
      : clock_(clock), logger_(std::move(logger)), limit_(limit) {}

  // The step has failed again, for the reason that `message` gives. Warns now and then; throws
  // StreamsError once that has gone on for longer than the limit (`task.timeout.ms`).
  void failed(const std::string& message);
  void got_through() noexcept { failing_since_.reset(); }

  // Zero if the step does not fail.
  [[nodiscard]] Clock::Steady::duration failing_for() const;

 private:
  const Clock& clock_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  std::chrono::milliseconds limit_;
  std::optional<Clock::Steady> failing_since_;
  std::optional<Clock::Steady> last_complaint_;
};

}  // namespace moldau::inline v0::runtime
