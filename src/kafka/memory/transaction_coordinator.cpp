#include "kafka/memory/transaction_coordinator.h"

#include "moldau/base/assert.h"

#include "kafka/memory/refusals.h"

#include <utility>

namespace moldau::inline v0::kafka::memory {

ProducerIdentity TransactionCoordinator::new_producer() {
  return {.id = ProducerId{next_id_++}, .epoch = ProducerEpoch{0}};
}

Result<ProducerIdentity> TransactionCoordinator::init(const std::string& transactional_id,
                                                      std::chrono::milliseconds timeout,
                                                      Clock::Steady now, Timestamp wall) {
  const auto [found, fresh] = transactions_.try_emplace(transactional_id);
  Transaction& transaction = found->second;
  if (fresh) transaction.producer = new_producer();
  if (transaction.state == State::open) {
    // The marker carries the new epoch, so the predecessor is fenced in its partitions too.
    ++transaction.producer.epoch;
    decide(transactional_id, transaction, false, wall);
  }
  if (transaction.state == State::ending) return still_ending(transactional_id);
  if (!fresh) ++transaction.producer.epoch;
  transaction.state = State::none;
  transaction.timeout = timeout;
  transaction.begun = now;
  return transaction.producer;
}

Status TransactionCoordinator::check(const std::string& transactional_id,
                                     const ProducerIdentity& producer) const {
  const auto found = transactions_.find(transactional_id);
  if (found == transactions_.end()) {
    return fenced_producer("transactional id \"" + transactional_id + "\" is not known");
  }
  if (found->second.producer != producer) {
    return fenced_producer("transactional id \"" + transactional_id +
                           "\" has a newer epoch: another producer took over, or the broker "
                           "aborted a transaction that took too long");
  }
  if (found->second.state == State::ending) return still_ending(transactional_id);
  return {};
}

Result<TransactionCoordinator::Transaction*> TransactionCoordinator::take_part(
    const std::string& transactional_id, const ProducerIdentity& producer, Clock::Steady now) {
  if (Status status = check(transactional_id, producer); !status) return status;
  Transaction& transaction = transactions_.at(transactional_id);
  if (transaction.state != State::open) {
    transaction.state = State::open;
    transaction.begun = now;
  }
  return &transaction;
}

Status TransactionCoordinator::add_partition(const std::string& transactional_id,
                                             const ProducerIdentity& producer,
                                             const TopicPartition& partition, Clock::Steady now) {
  if (topics_.find(partition) == nullptr) {
    return unknown_topic("partition " + to_string(partition));
  }
  const Result<Transaction*> transaction = take_part(transactional_id, producer, now);
  if (!transaction) return transaction.error();
  (*transaction)->partitions.insert(partition);
  return {};
}

Status TransactionCoordinator::add_group(const std::string& transactional_id,
                                         const ProducerIdentity& producer, const std::string& group,
                                         Clock::Steady now) {
  const Result<Transaction*> transaction = take_part(transactional_id, producer, now);
  if (!transaction) return transaction.error();
  (*transaction)->groups.insert(group);
  return {};
}

Status TransactionCoordinator::end(const std::string& transactional_id,
                                   const ProducerIdentity& producer, bool commit, Timestamp wall) {
  const auto found = transactions_.find(transactional_id);
  if (found == transactions_.end() || found->second.producer != producer) {
    return check(transactional_id, producer);
  }
  Transaction& transaction = found->second;
  if (transaction.state == State::open) {
    decide(transactional_id, transaction, commit, wall);
    return {};
  }
  const bool decided = transaction.state != State::none;
  if (decided && transaction.commit == commit) return {};
  return {ErrorCode::invalid_state,
          "transactional id \"" + transactional_id + "\": " +
              (decided ? "the transaction has ended the other way" : "no transaction is open"),
          Status::Kind{.fatal = true}};
}

void TransactionCoordinator::decide(const std::string& transactional_id, Transaction& transaction,
                                    bool commit, Timestamp wall) {
  transaction.commit = commit;
  transaction.state = State::ending;
  PendingMarker marker{.transactional_id = transactional_id,
                       .producer = transaction.producer,
                       .commit = commit,
                       .partition = {},
                       .group = {}};
  for (const TopicPartition& partition : transaction.partitions) {
    marker.partition = partition;
    pending_.push_back(marker);
  }
  marker.partition.reset();
  for (const std::string& group : transaction.groups) {
    marker.group = group;
    pending_.push_back(marker);
  }
  if (!hold_markers_) deliver_all(wall);
}

void TransactionCoordinator::deliver_marker(std::size_t index, Timestamp wall) {
  MOLDAU_ASSERT(index < pending_.size());
  const PendingMarker marker = std::move(pending_[index]);
  pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(index));
  Transaction& transaction = transactions_.at(marker.transactional_id);
  if (marker.partition) {
    // A topic that was deleted in the meantime has nothing to be told.
    if (PartitionLog* log = topics_.find(*marker.partition); log != nullptr) {
      log->append_marker(marker.producer, marker.commit, wall);
    }
    transaction.partitions.erase(*marker.partition);
  } else {
    groups_.offsets(marker.group).decide(marker.producer.id, marker.commit);
    transaction.groups.erase(marker.group);
  }
  if (transaction.partitions.empty() && transaction.groups.empty()) {
    transaction.state = marker.commit ? State::committed : State::aborted;
  }
}

void TransactionCoordinator::deliver_all(Timestamp wall) {
  while (!pending_.empty()) deliver_marker(0, wall);
}

void TransactionCoordinator::hold_markers(bool hold, Timestamp wall) {
  hold_markers_ = hold;
  if (!hold) deliver_all(wall);
}

void TransactionCoordinator::expire(Clock::Steady now, Timestamp wall) {
  for (auto& [id, transaction] : transactions_) {
    if (transaction.state != State::open) continue;
    if (now - transaction.begun < transaction.timeout) continue;
    ++transaction.producer.epoch;
    decide(id, transaction, false, wall);
  }
}

void TransactionCoordinator::fence(const std::string& transactional_id, Timestamp wall) {
  const auto found = transactions_.find(transactional_id);
  if (found == transactions_.end()) return;
  ++found->second.producer.epoch;
  if (found->second.state == State::open) decide(transactional_id, found->second, false, wall);
}

std::vector<std::string> TransactionCoordinator::unfinished() const {
  std::vector<std::string> ids;
  for (const auto& [id, transaction] : transactions_) {
    if (transaction.state == State::open || transaction.state == State::ending) ids.push_back(id);
  }
  return ids;
}

}  // namespace moldau::inline v0::kafka::memory
