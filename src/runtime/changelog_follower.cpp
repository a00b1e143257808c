#include "runtime/changelog_follower.h"

#include "moldau/state/state_store.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace moldau::inline v0::runtime {

namespace {

// Records of one store go down in batches of at most this size, each with the position it reaches.
constexpr std::size_t batch_bytes = 1U << 20;

// What a standby's age is good for is measured in hours.
constexpr std::chrono::minutes age_resolution{1};

std::size_t size_of(const kafka::FetchedRecord& record) {
  return (record.key() ? record.key()->size() : 0) + (record.value() ? record.value()->size() : 0);
}

}  // namespace

void ChangelogFollower::apply(const kafka::PartitionBatch& batch,
                              const std::function<void(const Written&)>& written) {
  std::vector<RawRecord> records;
  std::size_t bytes = 0;
  const auto write = [&](Offset next) {
    reached_ = next;
    put(records);
    records_ += records.size();
    bytes_ += bytes;
    written({.reached = next, .records = records.size(), .bytes = bytes});
    records.clear();
    bytes = 0;
  };
  Offset next = reached_;
  for (const kafka::FetchedRecord& record : batch.records) {
    if (beginning_.limit && record.offset() >= *beginning_.limit) {
      next = *beginning_.limit;
      break;
    }
    next = record.offset() + 1;
    if (is_input() && !record.key()) continue;  // the table left it out as well
    records.push_back(record.view());
    bytes += size_of(record);
    if (bytes >= batch_bytes) write(next);
  }
  if (next != reached_) write(next);
  if (!beginning_.endless && reached_ >= beginning_.target) advance(reached_);
}

void ChangelogFollower::at_end(Offset position, Timestamp now) {
  if (beginning_.endless) {
    // It is told with every batch of a topic that is written now and then.
    if (position <= reached_ && now - beginning_.as_of < age_resolution) return;
    beginning_.as_of = now;
  }
  advance(position);
}

void ChangelogFollower::confirm(Offset end, Timestamp now) {
  if (reached_ < std::min(end, beginning_.limit.value_or(end))) return;
  beginning_.as_of = now;
  put({});
}

void ChangelogFollower::raise_limit(Offset limit) {
  if (beginning_.limit && limit > *beginning_.limit) beginning_.limit = limit;
}

void ChangelogFollower::advance(Offset position) {
  reached_ =
      std::max(reached_, beginning_.limit ? std::min(position, *beginning_.limit) : position);
  done_ = !beginning_.endless && reached_ >= beginning_.target;
  if (done_) beginning_.as_of = beginning_.asked_at;
  put({});
}

void ChangelogFollower::put(std::span<const RawRecord> records) {
  store_->store->restore(records, {.next = reached_, .as_of = beginning_.as_of, .topic_id = {}});
}

}  // namespace moldau::inline v0::runtime
