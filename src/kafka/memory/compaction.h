#pragma once

#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"

#include "kafka/memory/aborted_transactions.h"
#include "kafka/memory/log_entry.h"

#include <chrono>
#include <deque>

namespace moldau::inline v0::kafka::memory {

struct CompactionLimits {
  Offset stable;  // nothing at or after it is touched or believed
  Timestamp now;
  std::chrono::milliseconds delete_retention;
};

// Removes what the last committed record of each key makes superfluous: older records of the key
// and aborted records. A tombstone is kept until `delete_retention` has passed since the first
// compaction that met it, so that readers that are not further behind see it. A marker stays that
// long too, and as long as a record of its producer stands before it.
void compact(std::deque<LogEntry>& entries, const AbortedTransactions& aborted,
             const CompactionLimits& limits);

}  // namespace moldau::inline v0::kafka::memory
