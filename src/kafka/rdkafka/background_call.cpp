#include "kafka/rdkafka/background_call.h"

#include "moldau/base/assert.h"

#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

BackgroundCall::BackgroundCall(Workers& workers) : workers_(workers) {}

BackgroundCall::~BackgroundCall() {
  const std::lock_guard lock{mutex_};
  finishing_ = true;
}

void BackgroundCall::start(std::function<Status()> call) {
  {
    const std::lock_guard lock{mutex_};
    MOLDAU_ASSERT(!running_);
    running_ = true;
    outcome_.reset();
    call_ = std::move(call);
  }
  if (handle_ == nullptr) {
    handle_ = workers_.start(*this, "kafka-offsets");
  } else {
    handle_->wake();
  }
}

bool BackgroundCall::running() const {
  const std::lock_guard lock{mutex_};
  return running_;
}

std::optional<Status> BackgroundCall::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock{mutex_};
  if (!done_.wait_for(lock, timeout, [this] { return outcome_.has_value(); })) return std::nullopt;
  running_ = false;
  return std::exchange(outcome_, std::nullopt);
}

std::optional<Clock::Steady> BackgroundCall::step(std::chrono::milliseconds /*may_block*/) {
  std::function<Status()> call;
  {
    const std::lock_guard lock{mutex_};
    if (call_ == nullptr) {
      return finishing_ ? std::nullopt : std::optional{Clock::Steady::max()};
    }
    call = std::exchange(call_, nullptr);
  }
  // Longer than a turn should take. Nobody steps this worker but its own thread, whose only purpose
  // is to wait here.
  Status outcome = call();
  {
    const std::lock_guard lock{mutex_};
    outcome_ = std::move(outcome);
  }
  done_.notify_all();
  return Clock::Steady::min();
}

}  // namespace moldau::inline v0::kafka::rdkafka
