#pragma once

#include "moldau/kafka/clients.h"

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

// The two mistakes that are made in a client, for whoever stands between the library and one: the
// simulation's process, and the soak on a real broker. `clients` must outlive them.
namespace moldau::simulation {

// no-stable-offsets: committed offsets, as a consumer reads them that does not care whether a
// transaction is about to change them.
class UnstableOffsets {
 public:
  // `options` are those of the consumer that is asked.
  UnstableOffsets(kafka::KafkaClients& clients, kafka::ConsumerOptions options);

  // As kafka::Consumer::committed().
  Result<std::vector<kafka::CommittedOffset>> committed(std::span<const TopicPartition> partitions,
                                                        std::chrono::milliseconds timeout);

 private:
  kafka::KafkaClients& clients_;
  kafka::ConsumerOptions options_;
  std::unique_ptr<kafka::Consumer> consumer_;
};

// position-is-log-end: once a transaction is committed, the ends of the logs that it wrote to count
// as acknowledged, whoever wrote them.
class LogEnds {
 public:
  // `options` are those of the producer that reports.
  LogEnds(kafka::KafkaClients& clients, const kafka::ProducerOptions& options);

  // What the producer is told.
  void named(TopicHandle topic, std::string_view name);
  void begun() { written_.clear(); }
  void committed() { committed_ = true; }

  // Adds them to what a producer reports. What cannot be asked within `timeout` is left out.
  void report(kafka::Deliveries& deliveries, std::chrono::milliseconds timeout);

 private:
  kafka::KafkaClients& clients_;
  kafka::AdminOptions options_;
  std::unique_ptr<kafka::Admin> admin_;
  std::map<TopicHandle, std::string> names_;
  std::set<std::pair<TopicHandle, PartitionId>> written_;
  bool committed_ = false;
};

}  // namespace moldau::simulation
