#pragma once

#include "moldau/base/status.h"
#include "moldau/base/workers.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace moldau::inline v0::kafka::rdkafka {

// Makes a call of librdkafka's resumable that is not: the call runs to its end on a thread of its
// own, while the caller comes back for the outcome as often as it likes.
//
// Used by one thread, apart from the worker's own. The thread starts with the first call.
class BackgroundCall final : public Worker {
 public:
  explicit BackgroundCall(Workers& workers);
  // Waits for a call that is running.
  ~BackgroundCall() override;

  // REQUIRES: !running().
  void start(std::function<Status()> call);

  // From start() until wait() has handed out the outcome.
  [[nodiscard]] bool running() const;

  // The outcome, or nullopt if there is none within `timeout`. REQUIRES: running().
  std::optional<Status> wait(std::chrono::milliseconds timeout);

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

 private:
  Workers& workers_;
  mutable std::mutex mutex_;  // guards the rest, but for handle_
  std::condition_variable done_;
  std::function<Status()> call_;
  std::optional<Status> outcome_;
  bool running_ = false;
  bool finishing_ = false;
  std::unique_ptr<WorkerHandle> handle_;  // last: its end joins the thread
};

}  // namespace moldau::inline v0::kafka::rdkafka
