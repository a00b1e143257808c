#include "moldau/base/latch.h"

#include <algorithm>

namespace moldau::inline v0 {

namespace {

// wait_for() with milliseconds::max() overflows: what "for ever" comes to.
constexpr std::chrono::hours longest_wait{24 * 365};

}  // namespace

void Latch::open() {
  {
    const std::lock_guard lock{mutex_};
    open_ = true;
  }
  opened_.notify_all();
}

bool Latch::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock{mutex_};
  const auto capped = std::min<std::chrono::milliseconds>(timeout, longest_wait);
  return opened_.wait_for(lock, capped, [this] { return open_; });
}

}  // namespace moldau::inline v0
