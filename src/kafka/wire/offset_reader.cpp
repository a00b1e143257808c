#include "kafka/wire/offset_reader.h"

#include "kafka/wire/errors.h"

#include <algorithm>
#include <map>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

using std::chrono::milliseconds;

OffsetFetchRequest make_request(const std::string& group_id,
                                std::span<const TopicPartition> partitions, bool stable) {
  std::map<std::string, std::vector<std::int32_t>> by_topic;
  for (const TopicPartition& partition : partitions) {
    by_topic[partition.topic].push_back(partition.partition.value());
  }
  OffsetFetchRequest::Group group{.group_id = group_id,
                                  .topics = std::vector<OffsetFetchRequest::Topic>{}};
  for (auto& [topic, numbers] : by_topic) {
    group.topics->push_back({.topic = topic, .partitions = std::move(numbers)});
  }
  return {.groups = {std::move(group)}, .require_stable = stable};
}

}  // namespace

OffsetReader::OffsetReader(std::unique_ptr<CoordinatorLink> link, std::string group_id, bool stable,
                           const Clock& clock)
    : link_(std::move(link)), group_id_(std::move(group_id)), stable_(stable), clock_(clock) {}

void OffsetReader::forget() {
  if (question_) link_->hang_up();
  question_.reset();
}

Result<std::vector<CommittedOffset>> OffsetReader::read(std::span<const TopicPartition> partitions,
                                                        milliseconds timeout) {
  if (partitions.empty()) return std::vector<CommittedOffset>{};
  const Clock::Steady deadline = clock_.steady() + timeout;
  if (question_ && !std::ranges::equal(question_->partitions, partitions)) forget();
  if (!question_) {
    if (Status status = link_->reach(deadline); !status) return status;
    if (Status status = ask(partitions); !status) return status;
  }
  const auto answer = link_->answer<OffsetFetchRequest>(question_->asked_at, deadline);
  if (answer && !*answer) {
    return Status::retriable(ErrorCode::timed_out, doing() + ": no answer yet");
  }
  question_.reset();
  if (!answer) return answer.error();
  return understand(**answer);
}

Status OffsetReader::ask(std::span<const TopicPartition> partitions) {
  Status sent = link_->channel().start(make_request(group_id_, partitions, stable_));
  if (!sent) {
    link_->broken();
    return sent;
  }
  question_ =
      Question{.partitions = {partitions.begin(), partitions.end()}, .asked_at = clock_.steady()};
  return {};
}

Result<std::vector<CommittedOffset>> OffsetReader::understand(const OffsetFetchResponse& answer) {
  const auto group =
      std::ranges::find(answer.groups, group_id_, &OffsetFetchResponse::Group::group_id);
  if (group == answer.groups.end()) {
    link_->broken();
    return Status::retriable(ErrorCode::transport,
                             doing() + ": the coordinator answered for other groups");
  }
  if (Status status = refused(group->error_code, doing()); !status) return status;
  std::vector<CommittedOffset> offsets;
  for (const OffsetFetchResponse::Topic& topic : group->topics) {
    for (const OffsetFetchResponse::Partition& one : topic.partitions) {
      TopicPartition partition{topic.topic, PartitionId{one.partition}};
      if (one.error_code != error_code::none) {
        return refused(one.error_code, doing() + " for " + to_string(partition));
      }
      if (one.offset < 0) continue;
      offsets.push_back({.partition = std::move(partition),
                         .next = Offset{one.offset},
                         .metadata = one.metadata.value_or("")});
    }
  }
  link_->well();
  return offsets;
}

// Ok if it is not.
Status OffsetReader::refused(std::int16_t code, std::string_view what) {
  switch (code) {
    case error_code::coordinator_load_in_progress:
      link_->back_off();
      break;
    case error_code::coordinator_not_available:
    case error_code::not_coordinator:
      link_->moved();
      break;
    default:
      break;
  }
  return status_of(code, what);
}

std::string OffsetReader::doing() const {
  return "reading committed offsets of group \"" + group_id_ + "\"";
}

}  // namespace moldau::inline v0::kafka::wire
