#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/coordinator_link.h"
#include "kafka/wire/messages.h"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::wire {

// Reads the committed offsets of a group, over a connection of its own to the coordinator.
//
// Not by librdkafka: rd_kafka_committed() does not say when it is not allowed to read, and must be
// given all the time it takes; and 2.0.2 ends the process by an assertion if an answer to its admin
// call comes after the call's time, as it does in a process that was stopped for a while.
//
// Used on one thread.
class OffsetReader {
 public:
  // `stable`: an offset that a transaction holds is waited for. `clock` must outlive it.
  OffsetReader(std::unique_ptr<CoordinatorLink> link, std::string group_id, bool stable,
               const Clock& clock);

  // As Consumer::committed(). Blocks for longer than `timeout` only while a TCP connection is made.
  Result<std::vector<CommittedOffset>> read(std::span<const TopicPartition> partitions,
                                            std::chrono::milliseconds timeout);
  // As Consumer::forget_question().
  void forget();

 private:
  struct Question {
    std::vector<TopicPartition> partitions;
    Clock::Steady asked_at;
  };

  Status ask(std::span<const TopicPartition> partitions);
  Result<std::vector<CommittedOffset>> understand(const OffsetFetchResponse& answer);
  Status refused(std::int16_t code, std::string_view what);
  [[nodiscard]] std::string doing() const;

  const std::unique_ptr<CoordinatorLink> link_;
  const std::string group_id_;
  const bool stable_;
  const Clock& clock_;
  std::optional<Question> question_;  // that has no answer yet
};

}  // namespace moldau::inline v0::kafka::wire
