#pragma once

#include "moldau/base/timestamp.h"

#include <cstddef>
#include <vector>

namespace moldau::inline v0::runtime {

// The non-empty input queues of a task, smallest head timestamp first.
//
// Which of several equal heads comes first is part of the semantics a Java user observes, so this
// is the binary heap of java.util.PriorityQueue, not std::priority_queue: an offered element rises
// while it is strictly smaller than its parent; on removal the last element sinks from the root, to
// the left child unless the right one is strictly smaller.
class HeadHeap {
 public:
  struct Head {
    Timestamp timestamp;
    std::size_t queue;
  };

  [[nodiscard]] bool empty() const noexcept { return heads_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return heads_.size(); }
  void clear() noexcept { heads_.clear(); }

  void offer(Head head) {
    heads_.push_back(head);
    std::size_t at = heads_.size() - 1;
    while (at > 0) {
      const std::size_t parent = (at - 1) / 2;
      if (head.timestamp >= heads_[parent].timestamp) break;
      heads_[at] = heads_[parent];
      at = parent;
    }
    heads_[at] = head;
  }

  // REQUIRES: !empty().
  [[nodiscard]] const Head& top() const noexcept { return heads_.front(); }
  // REQUIRES: !empty().
  Head poll() {
    const Head root = heads_.front();
    const Head last = heads_.back();
    heads_.pop_back();
    if (!heads_.empty()) sink(last);
    return root;
  }

 private:
  void sink(Head head) {
    const std::size_t size = heads_.size();
    std::size_t at = 0;
    while (at < size / 2) {
      std::size_t child = 2 * at + 1;
      const std::size_t right = child + 1;
      if (right < size && heads_[child].timestamp > heads_[right].timestamp) child = right;
      if (head.timestamp <= heads_[child].timestamp) break;
      heads_[at] = heads_[child];
      at = child;
    }
    heads_[at] = head;
  }

  std::vector<Head> heads_;
};

}  // namespace moldau::inline v0::runtime
