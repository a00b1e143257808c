#pragma once

#include "moldau/base/status.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka {

// Looks at topics and changes them. Calls block up to their time-out; one thread at a time.
class MOLDAU_EXPORT Admin {
 public:
  virtual ~Admin();

  // The topics that exist, of those named; the others are left out.
  virtual Result<std::vector<TopicDescription>> describe_topics(
      std::span<const std::string> topics, std::chrono::milliseconds timeout) = 0;

  // The names of all topics, in no order; the brokers' own are left out.
  virtual Result<std::vector<std::string>> list_topics(std::chrono::milliseconds timeout) = 0;

  // already_exists if any of them does.
  virtual Status create_topics(std::span<const NewTopic> topics,
                               std::chrono::milliseconds timeout) = 0;

  virtual Status delete_topics(std::span<const std::string> topics,
                               std::chrono::milliseconds timeout) = 0;

  // Deletes the records before `before[i].offset` (repartition topics, once they are processed).
  virtual Status delete_records(std::span<const PartitionPosition> before,
                                std::chrono::milliseconds timeout) = 0;

  // Log start and log end. With read_uncommitted the end counts the records of undecided
  // transactions too: the target of a restoration (reliability 1.3). In the order asked.
  virtual Result<std::vector<OffsetRange>> list_offsets(std::span<const TopicPartition> partitions,
                                                        Isolation isolation,
                                                        std::chrono::milliseconds timeout) = 0;
};

}  // namespace moldau::inline v0::kafka
