#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/kafka/clients.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/record/raw_record.h"

#include "runtime/error_policy.h"
#include "runtime/stream_task.h"
#include "runtime/transaction_size.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0::runtime {

// The producer of one stream thread: the sink of all its tasks, the transaction they share, and
// what the broker has acknowledged. Outlives any number of kafka::Producer objects: when one is of
// no more use it is discarded, and prepare() makes the next. Topic handles stay valid across that.
//
// Used on the stream thread only.
class ThreadProducer final : public RecordSink, public AckedOffsets {
 public:
  struct Services {
    kafka::KafkaClients& clients;
    ErrorPolicy& errors;
    Clock& clock;
    std::shared_ptr<Logger> logger;  // the application's; shared by all its threads
    Counter& dropped;                // records the production handler let go
    // True once the thread is to stop: ends the wait for room in a full queue.
    std::function<bool()> stopping;
  };

  // Transactional if options.transactional_id is set.
  ThreadProducer(Services services, kafka::ProducerOptions options, TransactionSize size);
  ~ThreadProducer() override;

  [[nodiscard]] bool transactional() const noexcept { return !options_.transactional_id.empty(); }

  // Makes a producer if there is none and, with transactions, ends what a predecessor left open.
  // Ok: ready to send. Retriable: call again.
  Status prepare(std::chrono::milliseconds timeout);
  [[nodiscard]] bool ready() const noexcept { return ready_; }
  // Drops the producer with all it has not sent.
  void discard();

  // RecordSink. send() begins a transaction if none is open; waits while the queue is full. Throws
  // TransactionLost, StopRequested, TaskFailed.
  TopicHandle topic(std::string_view name) override { return register_topic(name, false); }
  TopicHandle changelog_topic(std::string_view name) override { return register_topic(name, true); }
  std::int32_t partitions(TopicHandle topic) override;
  void send(const OutgoingRecord& record) override;

  // Looks at what was delivered and what failed. Throws TransactionLost if the records since the
  // last commit have to be produced again, TaskFailed if the production handler says fail.
  void collect();

  // Ok: everything sent is delivered. Retriable: call again. Throws as collect().
  Status flush(std::chrono::milliseconds timeout);

  // REQUIRES: transactional().
  Status begin_if_needed();
  [[nodiscard]] bool in_transaction() const noexcept { return in_transaction_; }
  Status add_offsets(std::string_view group, std::span<const kafka::CommittedOffset> offsets,
                     const kafka::MemberSnapshot& as, std::chrono::milliseconds timeout);
  Result<kafka::TransactionEnd> commit_transaction(std::chrono::milliseconds timeout);
  Result<kafka::TransactionEnd> abort_transaction(std::chrono::milliseconds timeout);

  // So much has been sent since begin_new_commit() that it should be committed first.
  [[nodiscard]] bool full() const noexcept { return sent_bytes_ > size_.limit(); }
  // When the first of it was sent.
  [[nodiscard]] std::optional<Clock::Steady> first_sent_at() const noexcept { return first_sent_; }
  [[nodiscard]] std::optional<Offset> acked(TopicHandle topic,
                                            PartitionId partition) const override;
  // The records sent so far are committed (or given up): acks, sizes and let-go records start over.
  void begin_new_commit();
  // As begin_new_commit(), but the same records will be produced again: what the production handler
  // let go stays out.
  void begin_again();

 private:
  struct Topic {
    std::string name;
    bool changelog;
  };

  TopicHandle register_topic(std::string_view name, bool changelog);
  // Throws TaskFailed if the principal may not do what a transaction needs.
  static void fail_if_forbidden(const Status& status);
  void handle_failure(const kafka::FailedRecord& failed);
  struct LetGo {
    kafka::FailedRecord record;
    std::vector<DeadLetter> letters;
  };
  [[nodiscard]] const LetGo* let_go(const OutgoingRecord& record) const;
  // The record was refused before it was queued: as a failed delivery, but nothing is under way.
  void refused(const OutgoingRecord& record, const Status& status);

  Services services_;
  kafka::ProducerOptions options_;
  std::unique_ptr<kafka::Producer> producer_;
  bool initialized_ = false;  // init_transactions() has succeeded
  bool ready_ = false;
  bool in_transaction_ = false;
  std::vector<Topic> topics_;  // by handle
  std::map<std::string, TopicHandle, std::less<>> handles_;
  std::map<std::pair<TopicHandle, PartitionId>, Offset> acked_;
  TransactionSize size_;
  std::size_t sent_bytes_ = 0;
  std::optional<Clock::Steady> first_sent_;
  // Records the handler let go although their transaction could not be committed with them missing:
  // when the input is processed again they are left out before they are sent.
  // Their dead letters go out then.
  std::vector<LetGo> let_go_;
};

}  // namespace moldau::inline v0::runtime
