#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/base/status.h"

#include "kafka/memory/group_coordinator.h"
#include "kafka/memory/log_entry.h"
#include "kafka/memory/topic_table.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// The outcome of a transaction on its way to one of its participants: a partition, or the offsets
// of a group.
struct PendingMarker {
  std::string transactional_id;
  ProducerIdentity producer;
  bool commit = false;
  std::optional<TopicPartition> partition;
  std::string group;  // if it is not a partition
};

// Decides transactions and tells the partitions and groups that take part. The decision and the
// markers are two things: the markers may be held back, and then a transaction is decided while
// readers do not see it yet. Guarded by the broker's lock.
class TransactionCoordinator {
 public:
  TransactionCoordinator(TopicTable& topics, GroupCoordinator& groups)
      : topics_(topics), groups_(groups) {}

  // An identity for a producer without transactions.
  [[nodiscard]] ProducerIdentity new_producer();

  // Fences older producers of this id and aborts what they left open. not_ready until all markers
  // of that are written.
  Result<ProducerIdentity> init(const std::string& transactional_id,
                                std::chrono::milliseconds timeout, Clock::Steady now,
                                Timestamp wall);

  // A write to the partition is to be part of the transaction, which begins with the first one.
  // not_ready while the previous transaction's markers are not all written; fatal if fenced.
  Status add_partition(const std::string& transactional_id, const ProducerIdentity& producer,
                       const TopicPartition& partition, Clock::Steady now);
  // Likewise for a group whose offsets are to be committed.
  Status add_group(const std::string& transactional_id, const ProducerIdentity& producer,
                   const std::string& group, Clock::Steady now);

  // Decides. The same decision may be repeated as long as no new transaction has begun.
  Status end(const std::string& transactional_id, const ProducerIdentity& producer, bool commit,
             Timestamp wall);

  // Ok, not_ready, or fenced: whether this producer may write now.
  Status check(const std::string& transactional_id, const ProducerIdentity& producer) const;

  // Aborts transactions that are older than their producer said, and fences their producers.
  void expire(Clock::Steady now, Timestamp wall);
  // Fences the producer as another one with the same id would.
  void fence(const std::string& transactional_id, Timestamp wall);

  // While held, markers wait until they are delivered by hand. Letting go delivers all.
  void hold_markers(bool hold, Timestamp wall);
  [[nodiscard]] const std::vector<PendingMarker>& pending_markers() const noexcept {
    return pending_;
  }
  // REQUIRES: index < pending_markers().size().
  void deliver_marker(std::size_t index, Timestamp wall);

  // Ids with a transaction that is open, or decided and not told to all.
  [[nodiscard]] std::vector<std::string> unfinished() const;

 private:
  enum class State : std::uint8_t { none, open, ending, committed, aborted };
  struct Transaction {
    ProducerIdentity producer;
    std::chrono::milliseconds timeout{};
    State state = State::none;
    bool commit = false;  // the decision; meaningful from `ending` on
    Clock::Steady begun;
    std::set<TopicPartition> partitions;
    std::set<std::string> groups;
  };

  Result<Transaction*> take_part(const std::string& transactional_id,
                                 const ProducerIdentity& producer, Clock::Steady now);
  void decide(const std::string& transactional_id, Transaction& transaction, bool commit,
              Timestamp wall);
  void deliver_all(Timestamp wall);

  TopicTable& topics_;
  GroupCoordinator& groups_;
  std::map<std::string, Transaction> transactions_;
  std::vector<PendingMarker> pending_;
  bool hold_markers_ = false;
  std::int64_t next_id_ = 1;
};

}  // namespace moldau::inline v0::kafka::memory
