#pragma once

#include "moldau/base/status.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"

#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::kafka {

// Fetches records of partitions it is told to read. Never subscribes and never commits: who reads
// what is the membership's matter. Used on one thread at a time, except wake().
class MOLDAU_EXPORT Consumer {
 public:
  virtual ~Consumer();

  // Replaces the whole assignment. A partition that was assigned before and comes without an offset
  // goes on where it is: nothing of it is lost or repeated. One with an offset starts there.
  virtual Status assign(std::span<const PartitionPosition> partitions) = 0;

  // Stops and resumes handing out records of partitions. What was fetched already is kept; a paused
  // partition loses and repeats nothing. Unassigned partitions are ignored.
  virtual void pause(std::span<const TopicPartition> partitions) = 0;
  virtual void resume(std::span<const TopicPartition> partitions) = 0;

  // Fills `into` with at most max_poll_records records. Waits up to `timeout` for the first one,
  // for an event, or for wake(). An error here means that the client is of no more use.
  virtual Status poll(std::chrono::milliseconds timeout, Polled& into) = 0;

  // The group's committed offsets; partitions without one are left out. Under read_committed the
  // answer is stable: while a transaction that holds offsets of a partition is undecided, the call
  // fails with a retriable Status. May block up to `timeout`; a question that is not answered by
  // then goes on, and the next call for the same partitions takes its answer.
  virtual Result<std::vector<CommittedOffset>> committed(std::span<const TopicPartition> partitions,
                                                         std::chrono::milliseconds timeout) = 0;
  // Drops a question that goes on; poll() does, too. To be called when partitions may have had
  // another owner since: what that one has committed, the answer may not say.
  virtual void forget_question() = 0;

  // The log end as the last fetch answer told it, in this consumer's isolation. nullopt before the
  // first answer. Never asks the broker.
  [[nodiscard]] virtual std::optional<Offset> known_end(const TopicPartition& partition) const = 0;

  // Ends a waiting poll(), or the next one. Any thread.
  virtual void wake() = 0;
};

}  // namespace moldau::inline v0::kafka
