#include "runtime/record_queues.h"

#include "moldau/base/assert.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::runtime {

RecordQueues::RecordQueues(std::vector<Input> inputs, IdlePolicy idle, HeadFailures& failures)
    : idle_(idle), failures_(failures) {
  queues_.reserve(inputs.size());
  for (Input& input : inputs) {
    Queue queue;
    queue.input = std::move(input);
    queues_.push_back(std::move(queue));
  }
}

void RecordQueues::add(std::size_t input, std::vector<kafka::FetchedRecord>& records) {
  if (records.empty()) return;
  Queue& queue = queues_[input];
  queue.buffered += records.size();
  queue.position = records.back().offset() + 1;
  if (queue.spare.empty()) queue.spare.emplace_back();
  queue.spare.front().records.swap(records);
  queue.batches.splice(queue.batches.end(), queue.spare, queue.spare.begin());
  if (!queue.has_head && taken_ != input) seek_head(input);
}

void RecordQueues::reached(std::size_t input, Offset position) {
  Queue& queue = queues_[input];
  if (queue.position && *queue.position > position) return;  // records behind it are here already
  queue.position = position;
  // Also if a later end was known: that of the log, when what lies between is not committed.
  queue.end = position;
}

void RecordQueues::known_end(std::size_t input, Offset end) {
  Queue& queue = queues_[input];
  if (!queue.end || *queue.end < end) queue.end = end;
}

bool RecordQueues::ready(Clock::Steady now) {
  ready_at_.reset();
  if (heap_.empty()) return false;
  if (heap_.size() == queues_.size() || idle_.max_wait < std::chrono::milliseconds::zero()) {
    return true;
  }
  bool ready = true;
  bool waited = false;
  for (Queue& queue : queues_) {
    if (queue.has_head) {
      queue.idle_since.reset();
    } else if (!may_skip(queue, now)) {
      ready = false;
    } else {
      waited = waited || idle_.max_wait > std::chrono::milliseconds::zero();
    }
  }
  if (ready && waited) ++enforced_;
  return ready;
}

// Whether an empty input need not be waited for (any longer).
bool RecordQueues::may_skip(Queue& queue, Clock::Steady now) {
  if (!queue.end) return false;  // nothing fetched yet: it may hold anything
  if (queue.position && *queue.position < *queue.end) {
    queue.idle_since.reset();
    return false;
  }
  if (!queue.idle_since) queue.idle_since = now;
  const Clock::Steady until = *queue.idle_since + idle_.max_wait;
  if (now >= until) return true;
  ready_at_ = ready_at_ ? std::min(*ready_at_, until) : until;
  return false;
}

std::optional<RecordQueues::Head> RecordQueues::take() {
  MOLDAU_ASSERT(!taken_);
  if (heap_.empty()) return std::nullopt;
  const HeadHeap::Head head = heap_.poll();
  Queue& queue = queues_[head.queue];
  queue.partition_time = std::max(queue.partition_time, head.timestamp);
  queue.has_head = false;
  stream_time_ = std::max(stream_time_, head.timestamp);
  taken_ = head.queue;
  const Batch& batch = queue.batches.front();
  return Head{head.queue, queue.input.slot.get(), &batch.records[batch.next], head.timestamp};
}

void RecordQueues::done() {
  MOLDAU_ASSERT(taken_);
  const std::size_t input = *taken_;
  taken_.reset();
  drop_front(queues_[input]);
  seek_head(input);
}

// Decodes from the front until a record can be the head, or none is left.
void RecordQueues::seek_head(std::size_t input) {
  Queue& queue = queues_[input];
  while (queue.buffered > 0) {
    const Batch& batch = queue.batches.front();
    Timestamp timestamp;
    if (decode(input, batch.records[batch.next], timestamp)) {
      queue.has_head = true;
      heap_.offer({timestamp, input});
      return;
    }
    drop_front(queue);
  }
}

bool RecordQueues::decode(std::size_t input, const kafka::FetchedRecord& record,
                          Timestamp& timestamp) {
  Queue& queue = queues_[input];
  try {
    queue.input.slot->decode(record.view());
  } catch (...) {
    failures_.undecodable(input, record.view());
    return false;
  }
  try {
    timestamp = queue.input.slot->timestamp(queue.partition_time);
  } catch (...) {
    failures_.extractor_failed(input, record.view());
  }
  if (timestamp.negative()) {
    failures_.without_time(input, record.view(), timestamp);
    return false;
  }
  return true;
}

void RecordQueues::drop_front(Queue& queue) {
  Batch& batch = queue.batches.front();
  ++batch.next;
  --queue.buffered;
  if (batch.next < batch.records.size()) return;
  batch.records.clear();
  batch.next = 0;
  // One spare is enough for a steady flow; more would only hold memory.
  queue.spare.clear();
  queue.spare.splice(queue.spare.end(), queue.batches, queue.batches.begin());
}

std::optional<Offset> RecordQueues::next_offset(std::size_t input) const {
  const Queue& queue = queues_[input];
  if (queue.buffered == 0) return queue.position;
  const Batch& batch = queue.batches.front();
  return batch.records[batch.next].offset();
}

void RecordQueues::clear() {
  for (Queue& queue : queues_) {
    queue.batches.clear();
    queue.buffered = 0;
    queue.has_head = false;
    queue.partition_time = Timestamp::unknown();
    queue.position.reset();
    queue.end.reset();
    queue.idle_since.reset();
  }
  heap_.clear();
  taken_.reset();
  ready_at_.reset();
  stream_time_ = Timestamp::unknown();
}

void RecordQueues::start_at(std::size_t input, std::optional<Offset> position,
                            Timestamp partition_time) {
  Queue& queue = queues_[input];
  MOLDAU_ASSERT(queue.buffered == 0);
  queue.position = position;
  queue.partition_time = partition_time;
  stream_time_ = std::max(stream_time_, partition_time);
}

}  // namespace moldau::inline v0::runtime
