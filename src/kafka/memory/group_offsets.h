#pragma once

#include "moldau/base/ids.h"
#include "moldau/kafka/values.h"

#include "kafka/memory/log_entry.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// The committed offsets of one group, and those that wait for the end of a transaction. Guarded by
// the broker's lock.
class GroupOffsets {
 public:
  void commit(std::span<const CommittedOffset> offsets);
  // Not to be seen before decide().
  void add_pending(ProducerId producer, std::span<const CommittedOffset> offsets);
  // The producer's transaction is decided: its offsets count, or never were.
  void decide(ProducerId producer, bool commit);

  // True while an undecided transaction holds an offset of one of the partitions.
  [[nodiscard]] bool pending(std::span<const TopicPartition> partitions) const;
  // In the order asked; partitions without one are left out.
  [[nodiscard]] std::vector<CommittedOffset> committed(
      std::span<const TopicPartition> partitions) const;

 private:
  using ByPartition = std::map<TopicPartition, CommittedOffset>;

  ByPartition committed_;
  std::map<ProducerId, ByPartition> pending_;
};

}  // namespace moldau::inline v0::kafka::memory
