#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "kafka/rdkafka/client.h"
#include "kafka/rdkafka/handles.h"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

// Reads the committed offsets of a group. By librdkafka's admin call: unlike rd_kafka_committed()
// it looks for the coordinator at once, says when it is not allowed to read, and need not be asked
// anew when the caller's time is over.
//
// Used on its consumer's thread.
class CommittedOffsetReader {
 public:
  // `client` must outlive this, and must have been made with the group's id: without one, 2.0.2
  // crashes at an answer of a broker that is not the coordinator any more.
  CommittedOffsetReader(Client& client, std::string group_id, Isolation isolation);

  // As Consumer::committed(). The next call for the same partitions goes on with the question.
  Result<std::vector<CommittedOffset>> read(std::span<const TopicPartition> partitions,
                                            std::chrono::milliseconds timeout);

  // Drops a question that has not been answered. To be called when the partitions may get another
  // owner, who may commit: the answer would be out of date.
  void forget() noexcept;

 private:
  void ask(std::span<const TopicPartition> partitions);
  Result<std::vector<CommittedOffset>> understand(const EventPtr& answer) const;

  Client& client_;
  std::string group_id_;
  Isolation isolation_;
  QueuePtr answer_;  // null if nothing has been asked
  std::vector<TopicPartition> asked_;
};

}  // namespace moldau::inline v0::kafka::rdkafka
