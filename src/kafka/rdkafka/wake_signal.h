#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

// Something to wait for again and again: give() lets the wait that is going on, or else the next
// one, return at once. Any thread may give; one waits.
class WakeSignal {
 public:
  void give() {
    {
      const std::lock_guard lock{mutex_};
      given_ = true;
    }
    changed_.notify_one();
  }

  // True if it was given, which is forgotten then.
  bool wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, timeout, [this] { return given_; });
    return std::exchange(given_, false);
  }

 private:
  std::mutex mutex_;  // guards given_
  std::condition_variable changed_;
  bool given_ = false;
};

}  // namespace moldau::inline v0::kafka::rdkafka
