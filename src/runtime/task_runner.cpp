#include "runtime/task_runner.h"

#include "runtime/running_tasks.h"

#include <algorithm>
#include <chrono>

namespace moldau::inline v0::runtime {

namespace {

void take_earlier(std::optional<Clock::Steady>& at, Clock::Steady other) {
  at = at ? std::min(*at, other) : other;
}

}  // namespace

void TaskRunner::process(Tasks tasks, Clock::Steady now) {
  for (StreamTask* task : tasks) {
    const std::size_t done = process(*task, now);
    if (done == 0) continue;
    const Clock::Steady after = clock_.steady();
    if (done == budget_.records()) budget_.spent(after - now);
    now = after;
  }
}

std::size_t TaskRunner::process(StreamTask& task, Clock::Steady now) {
  std::size_t done = 0;
  while (done < budget_.records() && !producer_.full() && task.ready(now)) {
    task.process_one();
    ++done;
    if (task.uncommitted_bytes() > max_uncommitted_bytes_) break;
  }
  return done;
}

void TaskRunner::punctuate(Tasks tasks) {
  if (!next_punctuation(tasks)) return;
  const Timestamp now = clock_.wall();
  for (StreamTask* task : tasks) task->punctuate(now);
}

std::optional<Clock::Steady> TaskRunner::next_work(Tasks tasks, Clock::Steady now) const {
  std::optional<Clock::Steady> next;
  for (StreamTask* task : tasks) {
    if (task->ready(now)) return now;
    if (const auto at = task->ready_at()) take_earlier(next, *at);
  }
  if (const std::optional<Timestamp> due = next_punctuation(tasks)) {
    take_earlier(next, now + std::max(*due - clock_.wall(), std::chrono::milliseconds::zero()));
  }
  return next;
}

}  // namespace moldau::inline v0::runtime
