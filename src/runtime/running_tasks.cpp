#include "runtime/running_tasks.h"

#include <algorithm>
#include <iterator>

namespace moldau::inline v0::runtime {

bool any_commit_needed(std::span<StreamTask* const> tasks) {
  return std::ranges::any_of(tasks, &StreamTask::commit_needed);
}

bool any_commit_requested(std::span<StreamTask* const> tasks) {
  return std::ranges::any_of(tasks, &StreamTask::commit_requested);
}

std::vector<kafka::CommittedOffset> known_offsets(std::span<StreamTask* const> tasks) {
  std::vector<kafka::CommittedOffset> offsets;
  for (const StreamTask* task : tasks) {
    std::ranges::move(task->known_offsets(), std::back_inserter(offsets));
  }
  return offsets;
}

std::vector<kafka::CommittedOffset> begin_commit(std::span<StreamTask* const> tasks) {
  std::vector<kafka::CommittedOffset> moved;
  for (StreamTask* task : tasks) task->flush_caches();
  for (StreamTask* task : tasks) std::ranges::move(task->begin_commit(), std::back_inserter(moved));
  return moved.empty() ? known_offsets(tasks) : moved;
}

std::size_t uncommitted_bytes(std::span<StreamTask* const> tasks) {
  std::size_t bytes = 0;
  for (const StreamTask* task : tasks) bytes += task->uncommitted_bytes();
  return bytes;
}

std::optional<Timestamp> next_punctuation(std::span<StreamTask* const> tasks) {
  std::optional<Timestamp> next;
  for (const StreamTask* task : tasks) {
    const std::optional<Timestamp> due = task->next_punctuation();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

}  // namespace moldau::inline v0::runtime
