#pragma once

#include "moldau/base/ids.h"
#include "moldau/base/status.h"
#include "moldau/base/timestamp.h"
#include "moldau/kafka/values.h"

#include "kafka/memory/partition_log.h"
#include "kafka/topology_topics.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// The settings of a topic that have an effect here. The names and defaults are Kafka's; a topic may
// be made with others, which change nothing.
struct TopicPolicy {
  bool compacts = false;                           // cleanup.policy
  bool deletes = true;                             // cleanup.policy
  std::chrono::milliseconds delete_retention{};    // delete.retention.ms
  std::optional<std::chrono::milliseconds> keeps;  // retention.ms; only if it was set
  double dirty_ratio = 0.5;                        // min.cleanable.dirty.ratio
  std::size_t max_record_bytes = 0;                // max.message.bytes
  bool log_append_time = false;                    // message.timestamp.type
};

struct Topic {
  std::string name;
  std::string id;
  TopicConfig config;
  TopicPolicy policy;
  std::vector<PartitionLog> partitions;

  [[nodiscard]] std::int32_t partition_count() const noexcept {
    return static_cast<std::int32_t>(partitions.size());
  }
};

// The topics of the broker. Guarded by the broker's lock.
class TopicTable {
 public:
  // `compact_after`: a partition is not cleaned by itself before so many entries have come since
  // the last time; they stand for the segment that Kafka is still writing.
  explicit TopicTable(std::size_t compact_after) : compact_after_(compact_after) {}

  // already_exists, or invalid_request naming the setting.
  Status create(const NewTopic& topic);
  // unknown_topic.
  Status remove(std::string_view name);

  // nullptr if there is none.
  [[nodiscard]] Topic* find(std::string_view name);
  [[nodiscard]] const Topic* find(std::string_view name) const;
  [[nodiscard]] PartitionLog* find(const TopicPartition& partition);
  // Asks this table, which must outlive it.
  [[nodiscard]] PartitionCounts partition_counts() const;

  // Appends, and cleans the log if its policy asks for it. `record.timestamp` is replaced where the
  // topic keeps the time of appending. Refuses what Kafka refuses: unknown_topic,
  // message_too_large, a compacted topic's record without a key, a fenced producer.
  Result<Offset> append(const TopicPartition& partition, LogEntry record, Timestamp now);

  // Compacts and expires all partitions of a topic as its policy says, whatever their dirty ratio.
  void clean(Topic& topic, Timestamp now);

  // Grows when a topic comes or goes.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  void clean_if_due(Topic& topic, PartitionLog& log, Timestamp now);
  static void clean(const TopicPolicy& policy, PartitionLog& log, Timestamp now);

  std::size_t compact_after_;
  std::map<std::string, Topic, std::less<>> topics_;
  std::uint64_t revision_ = 0;
};

}  // namespace moldau::inline v0::kafka::memory
