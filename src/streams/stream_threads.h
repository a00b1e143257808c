#pragma once

#include "moldau/base/workers.h"

#include "runtime/stream_thread.h"
#include "runtime/thread_stores.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::streams {

// The stream threads of one application: they come and go while it runs. Any thread, the stream
// threads themselves included unless a call says otherwise.
//
// A thread has an index from 1, the smallest that no other live thread has: its name, its member of
// the group and its transactional id are made of it, and a successor with the same index continues
// them.
class StreamThreads {
 public:
  struct Thread {
    int index = 0;
    std::unique_ptr<runtime::ThreadStores> stores;
    std::unique_ptr<runtime::StreamThread> thread;
    std::unique_ptr<WorkerHandle> handle;  // goes first: it joins
  };
  // What all of them add up to.
  struct Summary {
    bool any_live = false;     // neither dead nor stopping
    bool all_running = false;  // of the live ones
    bool all_dead = false;
  };
  using Make = std::function<Thread(int index)>;

  StreamThreads(Make make, Workers& workers, std::size_t cache_bytes)
      : make_(std::move(make)), workers_(workers), cache_bytes_(cache_bytes) {}

  // Makes a thread and starts it, if `allowed` (asked under the lock of this object) says so. All
  // share the cache anew. Returns its name.
  std::optional<std::string> add(const std::function<bool()>& allowed);
  // Makes `count` threads, then starts them: a summary never sees the first ones alone.
  void start(int count);

  // Tells a live thread, the one with the highest index, to stop. The caller joins it, and then
  // calls reap(). Null if there is none.
  [[nodiscard]] std::shared_ptr<Thread> stop_one();
  void stop_all();
  // Wakes them all: something they look at has changed.
  void wake_all();
  // Lets go of threads that have ended; add() does so too.
  void reap();
  // False if they have not all ended within the time that `left` says is left.
  bool join_all(const std::function<std::chrono::milliseconds()>& left);

  [[nodiscard]] Summary summary() const;

 private:
  [[nodiscard]] int free_index() const;
  void share_cache();
  std::shared_ptr<Thread> take_up(int index);
  void run(Thread& thread);
  // For the caller to drop once the lock is not held: their handles join.
  [[nodiscard]] std::vector<std::shared_ptr<Thread>> take_ended();
  [[nodiscard]] std::vector<std::shared_ptr<Thread>> all() const;

  const Make make_;
  Workers& workers_;
  const std::size_t cache_bytes_;
  mutable std::mutex mutex_;  // guards threads_
  // Shared with whoever waits for one to end.
  std::vector<std::shared_ptr<Thread>> threads_;
};

}  // namespace moldau::inline v0::streams
