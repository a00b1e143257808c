#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/kafka/values.h"
#include "moldau/processor/source.h"

#include "runtime/head_heap.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace moldau::inline v0::runtime {

// What happens to a record that cannot become the head of its queue. Called on the task's thread.
class HeadFailures {
 public:
  // Its bytes cannot be read. Called inside a catch block. Returns to drop the record, or throws.
  virtual void undecodable(std::size_t input, const RawRecord& record) = 0;
  // Its timestamp is negative: it is dropped.
  virtual void without_time(std::size_t input, const RawRecord& record, Timestamp timestamp) = 0;
  // The extractor threw. Called inside a catch block; throws what ends the task.
  [[noreturn]] virtual void extractor_failed(std::size_t input, const RawRecord& record) = 0;

 protected:
  ~HeadFailures() = default;
};

// How long a task with an empty input waits before it processes the others (`max.task.idle.ms`).
struct IdlePolicy {
  // Negative: never waits. Zero: waits only for records that are known to exist.
  std::chrono::milliseconds max_wait{0};
};

// Decides which of a task's input records is processed next.
//
// Records wait here as raw bytes, one queue per input partition, in offset order. The next record
// is the one whose queue head has the smallest timestamp, so that a task sees time as orderly as
// its inputs allow. A record is decoded when it becomes the head, not earlier: its time may come
// out of its value.
//
// Owned by one StreamTask and used on its thread only.
class RecordQueues {
 public:
  struct Input {
    TopicPartition partition;
    std::unique_ptr<processor::SourceSlot> slot;
  };
  // The record to process. It stays at the head of its queue until done() is called.
  struct Head {
    std::size_t input;
    processor::SourceSlot* slot;
    const kafka::FetchedRecord* record;
    Timestamp timestamp;
  };

  // `inputs` is fixed for the life of the task; an input is known by its index.
  RecordQueues(std::vector<Input> inputs, IdlePolicy idle, HeadFailures& failures);

  [[nodiscard]] std::size_t inputs() const noexcept { return queues_.size(); }
  [[nodiscard]] const TopicPartition& partition(std::size_t input) const {
    return queues_[input].input.partition;
  }

  // Takes the records of one input; `records` comes back empty, with the memory of an earlier
  // batch. REQUIRES: offsets grow within the input.
  void add(std::size_t input, std::vector<kafka::FetchedRecord>& records);

  // The consumer has gone past everything below `position`, control records included.
  void reached(std::size_t input, Offset position);

  // What the consumer knows of the log end of an input: decides whether an empty one is waited for.
  void known_end(std::size_t input, Offset end);

  // True if a record may be taken now. With an empty input this depends on the idle policy: one
  // that is known to have more is waited for, one that is caught up at most `max_wait`.
  [[nodiscard]] bool ready(Clock::Steady now);
  // When ready() may become true without new records; nullopt if only records help.
  [[nodiscard]] std::optional<Clock::Steady> ready_at() const noexcept { return ready_at_; }
  // How often ready() gave up waiting for an empty input.
  [[nodiscard]] std::uint64_t enforced() const noexcept { return enforced_; }

  // The record to process next; nullopt if nothing is buffered. Advances stream_time() and the
  // partition time of its input. REQUIRES: done() was called for the last one.
  std::optional<Head> take();
  // The record taken last is finished: the next one of its input becomes the head.
  void done();

  // Largest timestamp taken so far; unknown() before the first record. Never goes back.
  [[nodiscard]] Timestamp stream_time() const noexcept { return stream_time_; }

  // Largest timestamp taken from one input.
  [[nodiscard]] Timestamp partition_time(std::size_t input) const {
    return queues_[input].partition_time;
  }
  // Offset of the first record that is not finished, or where the consumer stands if there is none.
  // nullopt before the consumer's position is known.
  [[nodiscard]] std::optional<Offset> next_offset(std::size_t input) const;
  [[nodiscard]] std::size_t buffered(std::size_t input) const { return queues_[input].buffered; }
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }

  // Forgets every record, position and time.
  void clear();
  // Says where an input starts. REQUIRES: nothing of it has been added since clear().
  void start_at(std::size_t input, std::optional<Offset> position, Timestamp partition_time);

 private:
  struct Batch {
    std::vector<kafka::FetchedRecord> records;
    std::size_t next = 0;
  };
  struct Queue {
    Input input;
    std::list<Batch> batches;
    std::list<Batch> spare;  // an emptied batch, for its memory
    std::size_t buffered = 0;
    bool has_head = false;
    Timestamp partition_time = Timestamp::unknown();
    std::optional<Offset> position;
    std::optional<Offset> end;
    std::optional<Clock::Steady> idle_since;
  };

  void seek_head(std::size_t input);
  bool decode(std::size_t input, const kafka::FetchedRecord& record, Timestamp& timestamp);
  static void drop_front(Queue& queue);
  [[nodiscard]] bool may_skip(Queue& queue, Clock::Steady now);

  std::vector<Queue> queues_;
  IdlePolicy idle_;
  HeadFailures& failures_;
  HeadHeap heap_;
  Timestamp stream_time_ = Timestamp::unknown();
  std::optional<std::size_t> taken_;  // the input whose head is being processed
  std::optional<Clock::Steady> ready_at_;
  std::uint64_t enforced_ = 0;
};

}  // namespace moldau::inline v0::runtime
