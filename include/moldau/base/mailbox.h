#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

// Hands values from any thread to one that looks now and then. Never waits; whoever posts wakes the
// receiver by its own means.
template <class T>
class Mailbox {
 public:
  void post(T value) {
    const std::lock_guard lock{mutex_};
    values_.push_back(std::move(value));
  }

  // Everything posted since the last call, oldest first.
  [[nodiscard]] std::vector<T> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(values_, {});
  }

 private:
  std::mutex mutex_;  // guards values_
  std::vector<T> values_;
};

}  // namespace moldau::inline v0
