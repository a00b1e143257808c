#include "moldau/base/workers.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace moldau::inline v0 {

Worker::~Worker() = default;
WorkerHandle::~WorkerHandle() = default;
Workers::~Workers() = default;

namespace {

// The longest a worker is asked to block in one turn: bounds how late it notices that it is to
// finish if nobody wakes the seam it waits in.
constexpr std::chrono::milliseconds longest_turn{100};

class ThreadHandle final : public WorkerHandle {
 public:
  ThreadHandle(Worker& worker, std::string name) : worker_(worker) {
    thread_ = std::thread{[this, name = std::move(name)] { run(name); }};
  }
  ~ThreadHandle() override {
    if (thread_.joinable()) thread_.join();
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
    return changed_.wait_for(lock, timeout, [this] { return finished_; });
  }

 private:
  void run(const std::string& name) {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    while (const std::optional<Clock::Steady> next = worker_.step(longest_turn)) {
      std::unique_lock lock{mutex_};
      if (*next > std::chrono::steady_clock::now()) {
        // wait_until() with time_point::max() overflows in some implementations: cap the wait.
        const auto until =
            std::min(*next, std::chrono::steady_clock::now() + std::chrono::hours{1});
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
