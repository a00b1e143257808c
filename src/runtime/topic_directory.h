#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"

#include "runtime/task_plan.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::runtime {

// Partition counts of topics, for all threads of an application over one admin client. Any thread;
// a call may block up to its time-out.
class TopicDirectory {
 public:
  TopicDirectory(kafka::KafkaClients& clients, kafka::AdminOptions options);
  ~TopicDirectory();

  // The counts of those of `topics` that exist.
  Result<PartitionCounts> counts(std::span<const std::string> topics,
                                 std::chrono::milliseconds timeout);

  // The names of all topics.
  Result<std::vector<std::string>> list(std::chrono::milliseconds timeout);

  // Deletes records that every reader has passed (repartition topics).
  Status delete_records(std::span<const kafka::PartitionPosition> before,
                        std::chrono::milliseconds timeout);

 private:
  Status connect();

  std::mutex mutex_;  // guards admin_ and its use
  kafka::KafkaClients& clients_;
  kafka::AdminOptions options_;
  std::unique_ptr<kafka::Admin> admin_;
};

}  // namespace moldau::inline v0::runtime
