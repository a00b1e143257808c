#include "moldau/base/workers.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace moldau::inline v0 {

Worker::~Worker() = default;
WorkerHandle::~WorkerHandle() = default;
Workers::~Workers() = default;

namespace {

// The longest a worker is asked to block in one turn: bounds how late it notices that it is to
// finish if nobody wakes the seam it waits in.
constexpr std::chrono::milliseconds longest_turn{100};

// A worker without anything to do is stepped this often all the same.
constexpr std::chrono::hours longest_sleep{1};

// What "for ever" comes to for somebody who joins.
constexpr std::chrono::hours longest_wait{24 * 365};

class ThreadHandle final : public WorkerHandle {
 public:
  ThreadHandle(Worker& worker, std::string name) : worker_(worker) {
    thread_ = std::thread{[this, name = std::move(name)] { run(name); }};
  }
  ~ThreadHandle() override {
    wake();  // it may be waiting for a time that is far off
    thread_.join();
  }

  void wake() override {
    {
      const std::lock_guard lock{mutex_};
      woken_ = true;
    }
    changed_.notify_all();
  }

  bool finished() const override {
    const std::lock_guard lock{mutex_};
    return finished_;
  }

  bool join(std::chrono::milliseconds timeout) override {
    std::unique_lock lock{mutex_};
    // wait_for() with milliseconds::max() overflows: cap the wait.
    const auto capped = std::min<std::chrono::milliseconds>(timeout, longest_wait);
    return changed_.wait_for(lock, capped, [this] { return finished_; });
  }

 private:
  void run(const std::string& name) {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    while (const std::optional<Clock::Steady> next = worker_.step(longest_turn)) {
      std::unique_lock lock{mutex_};
      if (*next > std::chrono::steady_clock::now()) {
        // wait_until() with time_point::max() overflows in some implementations: cap the wait.
        const auto until = std::min(*next, std::chrono::steady_clock::now() + longest_sleep);
        changed_.wait_until(lock, until, [this] { return woken_; });
      }
      woken_ = false;
    }
    {
      const std::lock_guard lock{mutex_};
      finished_ = true;
    }
    changed_.notify_all();
  }

  Worker& worker_;
  mutable std::mutex mutex_;  // guards woken_ and finished_
  std::condition_variable changed_;
  bool woken_ = false;
  bool finished_ = false;
  std::thread thread_;
};

class ThreadWorkers final : public Workers {
 public:
  std::unique_ptr<WorkerHandle> start(Worker& worker, std::string name) override {
    return std::make_unique<ThreadHandle>(worker, std::move(name));
  }
};

}  // namespace

Workers& thread_workers() noexcept {
  static ThreadWorkers workers;
  return workers;
}

}  // namespace moldau::inline v0
