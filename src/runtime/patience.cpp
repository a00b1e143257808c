#include "runtime/patience.h"

#include "moldau/base/error.h"

namespace moldau::inline v0::runtime {

namespace {
constexpr std::chrono::seconds complaint_interval{10};
}  // namespace

void Patience::failed(const std::string& message) {
  const Clock::Steady now = clock_.steady();
  if (!failing_since_) failing_since_ = now;
  const auto failing = now - *failing_since_;
  if (failing > limit_) throw StreamsError(message + "; given up after task.timeout.ms");
  // The first seconds of a wait are ordinary (a coordinator loads, a transaction is decided).
  if (failing > complaint_interval / 5 &&
      (!last_complaint_ || now - *last_complaint_ > complaint_interval)) {
    last_complaint_ = now;
    logger_->warning(message + "; trying again");
  }
}

Clock::Steady::duration Patience::failing_for() const {
  return failing_since_ ? clock_.steady() - *failing_since_ : Clock::Steady::duration::zero();
}

}  // namespace moldau::inline v0::runtime
