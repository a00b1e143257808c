#include "runtime/punctuation_schedule.h"

#include "moldau/base/assert.h"

#include <cstddef>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

// The first time after `now` that is a whole number of intervals, at least one, after `due`.
Timestamp next_after(Timestamp due, std::chrono::milliseconds interval, Timestamp now) {
  if (now < due + interval) return due + interval;
  const auto passed = (now - due).count() / interval.count();
  return due + interval * (passed + 1);
}

// Puts a punctuation that threw back where it was: if the task goes on from its last commit, so
// does the punctuation.
class Unfinished {
 public:
  Unfinished(HeadHeap& queue, HeadHeap::Head head) noexcept : queue_(&queue), head_(head) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    if (queue_ != nullptr) queue_->offer(head_);
  }
  void finished() noexcept { queue_ = nullptr; }

 private:
  HeadHeap* queue_;
  HeadHeap::Head head_;
};

}  // namespace

processor::PunctuationId PunctuationSchedule::add(PunctuationType type, Timestamp now,
                                                  std::optional<Timestamp> start,
                                                  std::chrono::milliseconds interval, Call call) {
  MOLDAU_ASSERT(interval.count() >= 1);
  Timestamp due = type == PunctuationType::stream_time ? Timestamp{0} : now + interval;
  if (start) due = *start < now ? next_after(*start, interval, now) : *start;
  const std::int64_t id = next_id_++;
  entries_.emplace(id, Entry{.call = std::move(call), .interval = interval});
  queues_[static_cast<std::size_t>(type)].offer({due, static_cast<std::size_t>(id)});
  return processor::PunctuationId{id};
}

// The entry stays until its time comes: a running punctuation may be the one that is cancelled.
void PunctuationSchedule::cancel(processor::PunctuationId punctuation) {
  const auto found = entries_.find(punctuation.value());
  if (found != entries_.end()) found->second.cancelled = true;
}

bool PunctuationSchedule::run_due(PunctuationType type, Timestamp now, const Run& run) {
  HeadHeap& queue = queues_[static_cast<std::size_t>(type)];
  bool ran = false;
  while (any_due(type, now)) {
    const HeadHeap::Head head = queue.poll();
    const auto entry = entries_.find(static_cast<std::int64_t>(head.queue));
    if (!entry->second.cancelled) {
      Unfinished unfinished{queue, head};
      run(*entry->second.call.node, entry->second.call.punctuator);
      unfinished.finished();
      ran = true;
    }
    if (entry->second.cancelled) {
      entries_.erase(entry);
    } else {
      queue.offer({next_after(head.timestamp, entry->second.interval, now), head.queue});
    }
  }
  return ran;
}

}  // namespace moldau::inline v0::runtime
