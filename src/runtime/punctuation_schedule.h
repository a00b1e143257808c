#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/punctuation.h"

#include "runtime/head_heap.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace moldau::inline v0::processor {
class Node;
}

namespace moldau::inline v0::runtime {

// When the punctuations of a task are due, for both clocks. Values only: it is told the time.
//
// Several that are due at one time run in the order of the reference's queue (see HeadHeap).
class MOLDAU_TESTING_EXPORT PunctuationSchedule {
 public:
  struct Call {
    const processor::Node* node;
    Punctuator punctuator;
  };

  // First due at `start`: if that has passed, at the first multiple of the interval, counted from
  // there, after `now`. No start: at 0 in stream time, one interval from now on the wall clock.
  // REQUIRES: an interval of 1 ms or more.
  processor::PunctuationId add(PunctuationType type, Timestamp now, std::optional<Timestamp> start,
                               std::chrono::milliseconds interval, Call call);
  // Fine inside a punctuation, for one that is gone, and twice.
  void cancel(processor::PunctuationId punctuation);

  // Cheap: asked after each record. May say true for a punctuation that was cancelled. Nothing is
  // due while the time is unknown.
  [[nodiscard]] bool any_due(PunctuationType type, Timestamp now) const noexcept {
    const HeadHeap& queue = queues_[static_cast<std::size_t>(type)];
    return !queue.empty() && queue.top().timestamp <= now && !now.negative();
  }
  // nullopt if nothing is scheduled. May be that of one that was cancelled.
  [[nodiscard]] std::optional<Timestamp> next_due(PunctuationType type) const noexcept {
    const HeadHeap& queue = queues_[static_cast<std::size_t>(type)];
    return queue.empty() ? std::nullopt : std::optional{queue.top().timestamp};
  }

  // Calls `run(node, punctuator)` for each that is due, once however many intervals have passed.
  // One that is added meanwhile and is due runs too. False if none ran. A punctuation that throws
  // stays due.
  using Run = std::function<void(const processor::Node& node, const Punctuator& punctuator)>;
  bool run_due(PunctuationType type, Timestamp now, const Run& run);

 private:
  struct Entry {
    Call call;
    std::chrono::milliseconds interval;
    bool cancelled = false;
  };

  HeadHeap queues_[2];  // by PunctuationType
  std::map<std::int64_t, Entry> entries_;
  std::int64_t next_id_ = 0;
};

}  // namespace moldau::inline v0::runtime
