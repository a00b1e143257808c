#pragma once

#include "moldau/export.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace moldau::inline v0 {

// Something that happens once: one thread opens it, others wait for that a limited time. Nobody
// opening it makes it a pause. Any thread.
class MOLDAU_EXPORT Latch {
 public:
  void open();
  // True once it is open. Waits at most `timeout`; not at all if that is zero or less.
  bool wait(std::chrono::milliseconds timeout);

 private:
  std::mutex mutex_;  // guards open_
  std::condition_variable opened_;
  bool open_ = false;
};

}  // namespace moldau::inline v0
