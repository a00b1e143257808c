#include "kafka/memory/partition_log.h"

#include "moldau/base/assert.h"

#include "kafka/memory/compaction.h"
#include "kafka/memory/refusals.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::memory {

Result<Offset> PartitionLog::append(LogEntry record) {
  ProducerEpoch& known =
      epochs_.try_emplace(record.producer.id, record.producer.epoch).first->second;
  if (record.producer.epoch < known) return fenced_producer("a newer producer wrote here");
  known = record.producer.epoch;
  const Offset offset = end_;
  if (record.transactional) open_.try_emplace(record.producer.id, offset);
  record.offset = offset;
  entries_.push_back(std::move(record));
  ++end_;
  ++dirty_;
  return offset;
}

void PartitionLog::append_marker(const ProducerIdentity& producer, bool commit, Timestamp now) {
  ProducerEpoch& known = epochs_.try_emplace(producer.id, producer.epoch).first->second;
  known = std::max(known, producer.epoch);
  if (const auto open = open_.find(producer.id); open != open_.end()) {
    if (!commit) aborted_.add(producer.id, open->second, end_);
    open_.erase(open);
  }
  LogEntry marker{.kind = commit ? LogEntry::Kind::commit_marker : LogEntry::Kind::abort_marker,
                  .offset = end_,
                  .producer = producer,
                  .transactional = true,
                  .timestamp = now,
                  .key = {},
                  .value = {},
                  .headers = {},
                  .removable_from = {}};
  entries_.push_back(std::move(marker));
  ++end_;
  ++dirty_;
}

Offset PartitionLog::last_stable() const noexcept {
  Offset stable = end_;
  for (const auto& [producer, first] : open_) stable = std::min(stable, first);
  return std::max(stable, start_);
}

std::deque<LogEntry>::const_iterator PartitionLog::at(Offset offset) const {
  return std::ranges::lower_bound(entries_, offset, {}, &LogEntry::offset);
}

LogSlice PartitionLog::read(Offset from, std::size_t max_records, Isolation isolation) const {
  MOLDAU_ASSERT(start_ <= from && from <= end_);
  const Offset end = this->end(isolation);
  LogSlice slice{.records = {}, .next = from};
  // Under read_committed a reader may stand beyond the last stable offset: it waits there.
  if (from >= end) return slice;
  for (auto entry = at(from); entry != entries_.end() && entry->offset < end; ++entry) {
    const bool visible = entry->is_record() &&
                         (isolation == Isolation::read_uncommitted || !aborted_.contains(*entry));
    if (!visible) continue;
    if (slice.records.size() == max_records) {
      // Only here: otherwise what follows the last record is known to be nothing to read.
      slice.next = slice.records.empty() ? from : slice.records.back()->offset + 1;
      return slice;
    }
    slice.records.push_back(&*entry);
  }
  slice.next = end;
  return slice;
}

void PartitionLog::delete_before(Offset before) {
  MOLDAU_ASSERT(before <= end_);
  start_ = std::max(start_, before);
  while (!entries_.empty() && entries_.front().offset < start_) entries_.pop_front();
}

void PartitionLog::delete_older_than(Timestamp oldest) {
  const Offset stable = last_stable();
  Offset before = start_;
  for (const LogEntry& entry : entries_) {
    if (entry.offset >= stable || entry.timestamp >= oldest) break;
    before = entry.offset + 1;
  }
  delete_before(before);
  dirty_ = 0;
}

void PartitionLog::compact(Timestamp now, std::chrono::milliseconds delete_retention) {
  memory::compact(entries_, aborted_,
                  {.stable = last_stable(), .now = now, .delete_retention = delete_retention});
  dirty_ = 0;
}

}  // namespace moldau::inline v0::kafka::memory
