#include "kafka/memory/compaction.h"

#include <set>
#include <string_view>
#include <unordered_map>

namespace moldau::inline v0::kafka::memory {

namespace {

using LastOffsets = std::unordered_map<std::string_view, Offset>;

LastOffsets last_committed(const std::deque<LogEntry>& entries, const AbortedTransactions& aborted,
                           Offset stable) {
  LastOffsets last;
  for (const LogEntry& entry : entries) {
    if (entry.offset >= stable) break;
    if (!entry.is_record() || !entry.key || aborted.contains(entry)) continue;
    last.insert_or_assign(entry.key->bytes().text(), entry.offset);
  }
  return last;
}

// True from the moment on that the first call named.
bool outlived(LogEntry& entry, const CompactionLimits& limits) {
  if (!entry.removable_from) {
    entry.removable_from = limits.now + limits.delete_retention;
    return false;
  }
  return limits.now >= *entry.removable_from;
}

}  // namespace

void compact(std::deque<LogEntry>& entries, const AbortedTransactions& aborted,
             const CompactionLimits& limits) {
  const LastOffsets last = last_committed(entries, aborted, limits.stable);
  std::deque<LogEntry> kept;
  std::set<ProducerId> standing;  // producers of kept transactional records
  // The keys of `last` are views into the entries, which therefore are all decided on before the
  // first of them goes.
  std::deque<bool> keeps;
  for (LogEntry& entry : entries) {
    bool keep = true;
    if (entry.offset >= limits.stable) {
      keep = true;
    } else if (!entry.is_record()) {
      keep = standing.contains(entry.producer.id) || !outlived(entry, limits);
      standing.erase(entry.producer.id);
    } else if (aborted.contains(entry)) {
      keep = false;
    } else if (entry.key) {
      keep = last.at(entry.key->bytes().text()) == entry.offset &&
             (entry.value.has_value() || !outlived(entry, limits));
    }
    if (keep && entry.is_record() && entry.transactional) standing.insert(entry.producer.id);
    keeps.push_back(keep);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (keeps[i]) kept.push_back(std::move(entries[i]));
  }
  entries = std::move(kept);
}

}  // namespace moldau::inline v0::kafka::memory
