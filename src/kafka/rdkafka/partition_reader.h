#pragma once

#include "moldau/base/ids.h"
#include "moldau/kafka/values.h"

#include "kafka/rdkafka/client.h"
#include "kafka/rdkafka/handles.h"
#include "kafka/rdkafka/wake_signal.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

// One assigned partition: its fetching, its queue, and where its reader is.
//
// Each partition has a queue of its own. That makes pausing free (the queue is left alone, and
// librdkafka stops fetching when it is full) and exact: rd_kafka_pause_partitions() throws away
// what was fetched, and in 2.0.2 may repeat or skip records around it.
//
// Owned by a Consumer and used on its thread. Stays at its address: librdkafka's threads know it.
class PartitionReader {
 public:
  // `ready` is given when records come to an empty queue.
  PartitionReader(Client& client, rd_kafka_topic_t* topic, TopicPartition partition,
                  WakeSignal& ready);
  // Stops fetching.
  ~PartitionReader();
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  [[nodiscard]] const TopicPartition& partition() const noexcept { return partition_; }

  // Starts at `offset`, or starts again there; without one, where `reset` says. With
  // OffsetReset::error that is nowhere, and the next take() reports it.
  Status start(std::optional<Offset> offset, OffsetReset reset);

  void pause() noexcept { paused_ = true; }
  void resume() noexcept {
    paused_ = false;
    has_more_.store(true);
  }

  // Cheap: false if take() would find nothing.
  [[nodiscard]] bool has_more() const noexcept {
    return !paused_ && (has_more_.load(std::memory_order_acquire) || !events_.empty());
  }

  // Appends at most `buffer.size()` records to `records` and what else there is to `events`.
  // Returns the number of records. `buffer` is scratch.
  std::size_t take(std::span<rd_kafka_message_t*> buffer, std::vector<FetchedRecord>& records,
                   std::vector<PartitionEvent>& events);

  // For Consumer::known_end().
  [[nodiscard]] std::optional<Offset> known_end(Isolation isolation) const;

 private:
  static void on_records(rd_kafka_t* rk, void* opaque);
  Status start_at(std::int64_t offset);
  void listen();
  void stop();
  void take_record(rd_kafka_message_t* message, std::vector<FetchedRecord>& records);
  void take_event(const rd_kafka_message_t& message, std::vector<PartitionEvent>& events);
  void look_for_end();

  Client& client_;
  rd_kafka_topic_t* topic_;
  TopicPartition partition_;
  WakeSignal& ready_;
  QueuePtr queue_;
  OffsetReset reset_ = OffsetReset::earliest;
  bool fetching_ = false;
  bool paused_ = false;
  std::atomic<bool> has_more_ = false;
  std::optional<std::int64_t> next_;      // nullopt: not known before the first answer
  std::optional<std::int64_t> ended_at_;  // the end, if nothing has come since
  std::optional<std::int64_t> told_end_;  // the last one that was an event
  rd_kafka_resp_err_t last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;  // since something came
  std::vector<PartitionEvent> events_;                           // of our own making
};

}  // namespace moldau::inline v0::kafka::rdkafka
