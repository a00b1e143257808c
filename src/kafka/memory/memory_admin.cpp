#include "kafka/memory/memory_clients.h"
#include "kafka/memory/refusals.h"

#include <algorithm>

namespace moldau::inline v0::kafka::memory {

namespace {

class MemoryAdmin final : public Admin {
 public:
  explicit MemoryAdmin(Broker& broker) : broker_(broker) {}

  Result<std::vector<TopicDescription>> describe_topics(
      std::span<const std::string> topics, std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::admin); !status) return status;
    std::vector<TopicDescription> found;
    for (const std::string& name : topics) {
      const Topic* topic = turn->topics.find(name);
      if (topic == nullptr) continue;
      found.push_back(
          {.name = name, .partitions = topic->partition_count(), .topic_id = topic->id});
    }
    return found;
  }

  Result<std::vector<std::string>> list_topics(std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::admin); !status) return status;
    return turn->topics.names();
  }

  Status create_topics(std::span<const NewTopic> topics,
                       std::chrono::milliseconds /*timeout*/) override {
    return change([topics](Broker::Turn& turn) {
      Status first_problem;
      for (const NewTopic& topic : topics) {
        Status status = turn->topics.create(topic);
        if (first_problem.ok()) first_problem = std::move(status);
      }
      return first_problem;
    });
  }

  Status delete_topics(std::span<const std::string> topics,
                       std::chrono::milliseconds /*timeout*/) override {
    return change([topics](Broker::Turn& turn) {
      Status first_problem;
      for (const std::string& topic : topics) {
        Status status = turn->topics.remove(topic);
        if (first_problem.ok()) first_problem = std::move(status);
      }
      return first_problem;
    });
  }

  Status delete_records(std::span<const PartitionPosition> before,
                        std::chrono::milliseconds /*timeout*/) override {
    return change([before](Broker::Turn& turn) {
      Status first_problem;
      for (const PartitionPosition& position : before) {
        Status status = delete_before(turn->topics, position);
        if (first_problem.ok()) first_problem = std::move(status);
      }
      return first_problem;
    });
  }

  Result<std::vector<OffsetRange>> list_offsets(std::span<const TopicPartition> partitions,
                                                Isolation isolation,
                                                std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::admin); !status) return status;
    std::vector<OffsetRange> ranges;
    for (const TopicPartition& partition : partitions) {
      const PartitionLog* log = turn->topics.find(partition);
      if (log == nullptr) return unknown_topic("partition " + to_string(partition));
      ranges.push_back({.start = log->start(), .end = log->end(isolation)});
    }
    return ranges;
  }

 private:
  template <class F>
  Status change(const F& effect) {
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::admin); !status) return status;
    Status status = effect(turn);
    turn.changed();
    return turn->faults.take_dropped_answer(Call::admin) ? no_answer("an admin request") : status;
  }

  static Status delete_before(TopicTable& topics, const PartitionPosition& position) {
    PartitionLog* log = topics.find(position.partition);
    if (log == nullptr) return unknown_topic("partition " + to_string(position.partition));
    const Offset before = position.offset.value_or(log->end());
    if (before < Offset{0} || before > log->end()) {
      return Status::permanent(ErrorCode::offset_out_of_range,
                               to_string(position.partition) + ": offset " +
                                   std::to_string(before.value()) + " is beyond the log end " +
                                   std::to_string(log->end().value()));
    }
    log->delete_before(before);
    return {};
  }

  Broker& broker_;
};

}  // namespace

std::unique_ptr<Admin> make_admin(Broker& broker) { return std::make_unique<MemoryAdmin>(broker); }

}  // namespace moldau::inline v0::kafka::memory
