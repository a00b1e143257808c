#include "kafka/memory/group_offsets.h"

#include <algorithm>

namespace moldau::inline v0::kafka::memory {

void GroupOffsets::commit(std::span<const CommittedOffset> offsets) {
  for (const CommittedOffset& offset : offsets) {
    committed_.insert_or_assign(offset.partition, offset);
  }
}

void GroupOffsets::add_pending(ProducerId producer, std::span<const CommittedOffset> offsets) {
  ByPartition& pending = pending_[producer];
  for (const CommittedOffset& offset : offsets) pending.insert_or_assign(offset.partition, offset);
}

void GroupOffsets::decide(ProducerId producer, bool commit) {
  const auto found = pending_.find(producer);
  if (found == pending_.end()) return;
  if (commit) {
    for (const auto& [partition, offset] : found->second) {
      committed_.insert_or_assign(partition, offset);
    }
  }
  pending_.erase(found);
}

bool GroupOffsets::pending(std::span<const TopicPartition> partitions) const {
  return std::ranges::any_of(pending_, [partitions](const auto& held) {
    return std::ranges::any_of(partitions, [&held](const TopicPartition& partition) {
      return held.second.contains(partition);
    });
  });
}

std::vector<CommittedOffset> GroupOffsets::committed(
    std::span<const TopicPartition> partitions) const {
  std::vector<CommittedOffset> offsets;
  for (const TopicPartition& partition : partitions) {
    const auto found = committed_.find(partition);
    if (found != committed_.end()) offsets.push_back(found->second);
  }
  return offsets;
}

}  // namespace moldau::inline v0::kafka::memory
