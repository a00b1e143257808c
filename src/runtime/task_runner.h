#pragma once

#include "moldau/base/clock.h"

#include "runtime/processing_budget.h"
#include "runtime/stream_task.h"
#include "runtime/thread_producer.h"

#include <cstddef>
#include <optional>
#include <span>

namespace moldau::inline v0::runtime {

// Has the running tasks of a thread do their work, a bounded piece at a time. Used on that thread.
class TaskRunner {
 public:
  using Tasks = std::span<StreamTask* const>;

  // A task that has more uncommitted bytes than that gets no further record, and none does while
  // `producer`, where they send to, is full: a commit is due. Both outlive this.
  TaskRunner(const Clock& clock, const ThreadProducer& producer, std::size_t max_uncommitted_bytes)
      : clock_(clock), producer_(producer), max_uncommitted_bytes_(max_uncommitted_bytes) {}

  // Some records of each task.
  void process(Tasks tasks, Clock::Steady now);
  // What is due by the wall clock, which is read only if somebody waits for it.
  void punctuate(Tasks tasks);
  // When there is work; nullopt: when records come. `now` if there is some already.
  [[nodiscard]] std::optional<Clock::Steady> next_work(Tasks tasks, Clock::Steady now) const;

 private:
  std::size_t process(StreamTask& task, Clock::Steady now);

  const Clock& clock_;
  const ThreadProducer& producer_;
  std::size_t max_uncommitted_bytes_;
  ProcessingBudget budget_;
};

}  // namespace moldau::inline v0::runtime
