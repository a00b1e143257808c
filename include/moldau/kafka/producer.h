#pragma once

#include "moldau/base/status.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace moldau::inline v0::kafka {

// Sends records, in transactions if it was made with a transactional id. Used on one thread.
//
// In order: init_transactions() once; then begin_transaction(), send()..., flush(), add_offsets(),
// commit_transaction() or abort_transaction(), again and again. A call that fails with a retriable
// Status has decided nothing and is repeated; requires_abort() asks for abort_transaction(); after
// fatal() every call fails, and only a new producer helps.
class MOLDAU_EXPORT Producer {
 public:
  virtual ~Producer();

  // Registers a topic. Handles count up from 0 in the order of the first call for each name, so the
  // same calls on a new producer give the same handles. `track_acks`: report its acknowledged
  // offsets in Deliveries (changelogs). Asks for the topic's metadata, so that the first send need
  // not wait.
  virtual TopicHandle topic(std::string_view name, bool track_acks) = 0;

  // Partitions of a registered topic, from metadata that topic() asked for: waits for it once, then
  // answers from memory. unknown_topic if there is none.
  virtual Result<std::int32_t> partitions(TopicHandle topic, std::chrono::milliseconds timeout) = 0;

  // Copies the record before returning. ErrorCode::queue_full: take deliveries, then send again.
  virtual Status send(const OutgoingRecord& record) = 0;

  // What has been delivered or has failed since the last call. Never waits.
  virtual Deliveries take_deliveries() = 0;

  // Ok: every record sent so far is delivered or failed, and take_deliveries() knows. timed_out
  // (retriable) otherwise.
  virtual Status flush(std::chrono::milliseconds timeout) = 0;

  // Fences older producers of this transactional id and ends what they left open.
  virtual Status init_transactions(std::chrono::milliseconds timeout) = 0;
  virtual Status begin_transaction() = 0;
  // Adds the group's offsets to the open transaction. `as` is checked by the coordinator:
  // stale_member with requires_abort() if it no longer holds.
  virtual Status add_offsets(std::string_view group, std::span<const CommittedOffset> offsets,
                             const MemberSnapshot& as, std::chrono::milliseconds timeout) = 0;
  virtual Result<TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) = 0;
  virtual Result<TransactionEnd> abort_transaction(std::chrono::milliseconds timeout) = 0;

  // Drops everything that waits to be sent, for a producer that is about to be destroyed.
  virtual void purge() = 0;
};

}  // namespace moldau::inline v0::kafka
