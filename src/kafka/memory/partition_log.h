#pragma once

#include "moldau/base/ids.h"
#include "moldau/base/status.h"
#include "moldau/base/timestamp.h"
#include "moldau/kafka/values.h"

#include "kafka/memory/aborted_transactions.h"
#include "kafka/memory/log_entry.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// What a read found: records to hand out, and where the next read goes on. Markers, aborted records
// and holes lie between the two. The pointers hold until the log changes.
struct LogSlice {
  std::vector<const LogEntry*> records;
  Offset next;
};

// One partition: records and transaction markers, each with an offset of its own. Offsets never
// come back; compaction and deletion leave holes.
//
// There is one replica, so the high watermark is the end. Guarded by the broker's lock.
class PartitionLog {
 public:
  // Appends a record and gives it its offset. producer_fenced if the log knows a newer epoch of
  // this producer.
  Result<Offset> append(LogEntry record);

  // Ends the producer's open transaction here, and fences lower epochs.
  void append_marker(const ProducerIdentity& producer, bool commit, Timestamp now);

  // First offset that may be read.
  [[nodiscard]] Offset start() const noexcept { return start_; }
  // One past the last offset, whether or not it can be read under read_committed yet.
  [[nodiscard]] Offset end() const noexcept { return end_; }
  // Everything before is decided: the first offset of the oldest open transaction, or the end.
  [[nodiscard]] Offset last_stable() const noexcept;
  // How far a reader of this isolation gets.
  [[nodiscard]] Offset end(Isolation isolation) const noexcept {
    return isolation == Isolation::read_committed ? last_stable() : end_;
  }

  // At most `max_records` records from `from` on. REQUIRES: start() <= from <= end().
  [[nodiscard]] LogSlice read(Offset from, std::size_t max_records, Isolation isolation) const;

  // Moves the start. REQUIRES: before <= end(). A start further on stays.
  void delete_before(Offset before);
  // Moves the start over entries older than `oldest`, as time retention does; open transactions
  // stop it.
  void delete_older_than(Timestamp oldest);

  // Keeps the last committed record of each key; see compact() in compaction.h.
  void compact(Timestamp now, std::chrono::milliseconds delete_retention);
  // Entries appended since the last cleaning of either kind, and all there are.
  [[nodiscard]] std::size_t dirty_entries() const noexcept { return dirty_; }
  [[nodiscard]] std::size_t entries() const noexcept { return entries_.size(); }
  // All that is stored, in the order of offsets, markers and aborted records included.
  [[nodiscard]] const std::deque<LogEntry>& stored() const noexcept { return entries_; }

 private:
  [[nodiscard]] std::deque<LogEntry>::const_iterator at(Offset offset) const;

  std::deque<LogEntry> entries_;  // by offset, with holes
  Offset start_;
  Offset end_;
  std::size_t dirty_ = 0;
  std::map<ProducerId, Offset> open_;  // first offset of each open transaction
  std::map<ProducerId, ProducerEpoch> epochs_;
  AbortedTransactions aborted_;
};

}  // namespace moldau::inline v0::kafka::memory
