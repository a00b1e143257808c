#pragma once

#include <atomic>
#include <cstddef>

namespace moldau::inline v0::state {

// The record cache of one stream thread: one memory budget for the entries of all its cached
// stores. Each store evicts its own eldest entries when a write of its own finds the budget
// exceeded, as in the reference. Used on that thread only, or on the restore worker's while a task
// is with it and its caches are empty.
class RecordCache {
 public:
  explicit RecordCache(std::size_t max_bytes) noexcept : max_bytes_(max_bytes) {}
  RecordCache(const RecordCache&) = delete;
  RecordCache& operator=(const RecordCache&) = delete;

  // A change is felt at the next write. From any thread.
  void set_max_bytes(std::size_t bytes) noexcept {
    max_bytes_.store(bytes, std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t max_bytes() const noexcept {
    return max_bytes_.load(std::memory_order_relaxed);
  }

  void charge(std::size_t bytes) noexcept { used_bytes_ += bytes; }
  void release(std::size_t bytes) noexcept { used_bytes_ -= bytes; }
  [[nodiscard]] std::size_t used_bytes() const noexcept { return used_bytes_; }
  [[nodiscard]] bool exceeded() const noexcept { return used_bytes_ > max_bytes(); }

 private:
  std::atomic<std::size_t> max_bytes_;
  std::size_t used_bytes_ = 0;
};

}  // namespace moldau::inline v0::state
