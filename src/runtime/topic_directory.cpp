#include "runtime/topic_directory.h"

#include <utility>

namespace moldau::inline v0::runtime {

TopicDirectory::TopicDirectory(kafka::KafkaClients& clients, kafka::AdminOptions options)
    : clients_(clients), options_(std::move(options)) {}

TopicDirectory::~TopicDirectory() = default;

Status TopicDirectory::connect() {
  if (admin_ != nullptr) return {};
  Result<std::unique_ptr<kafka::Admin>> made = clients_.make_admin(options_);
  if (!made) return made.error();
  admin_ = *std::move(made);
  return {};
}

Result<PartitionCounts> TopicDirectory::counts(std::span<const std::string> topics,
                                               std::chrono::milliseconds timeout) {
  const std::lock_guard lock{mutex_};
  if (Status status = connect(); !status) return status;
  const Result<std::vector<kafka::TopicDescription>> described =
      admin_->describe_topics(topics, timeout);
  if (!described) return described.error();
  PartitionCounts counts;
  for (const kafka::TopicDescription& topic : *described) {
    counts.emplace(topic.name, topic.partitions);
  }
  return counts;
}

Result<std::vector<std::string>> TopicDirectory::list(std::chrono::milliseconds timeout) {
  const std::lock_guard lock{mutex_};
  if (Status status = connect(); !status) return status;
  return admin_->list_topics(timeout);
}

Status TopicDirectory::delete_records(std::span<const kafka::PartitionPosition> before,
                                      std::chrono::milliseconds timeout) {
  const std::lock_guard lock{mutex_};
  if (Status status = connect(); !status) return status;
  return admin_->delete_records(before, timeout);
}

}  // namespace moldau::inline v0::runtime
