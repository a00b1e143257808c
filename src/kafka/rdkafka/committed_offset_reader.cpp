#include "kafka/rdkafka/committed_offset_reader.h"

#include "kafka/rdkafka/errors.h"

#include <algorithm>
#include <array>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

// One question; then it is asked anew, of whoever is the coordinator by then.
constexpr int longest_question = 10'000;

}  // namespace

CommittedOffsetReader::CommittedOffsetReader(Client& client, std::string group_id,
                                             Isolation isolation)
    : client_(client), group_id_(std::move(group_id)), isolation_(isolation) {}

void CommittedOffsetReader::forget() noexcept {
  answer_.reset();
  asked_.clear();
}

Result<std::vector<CommittedOffset>> CommittedOffsetReader::read(
    std::span<const TopicPartition> partitions, std::chrono::milliseconds timeout) {
  if (group_id_.empty()) {
    return Status::permanent(ErrorCode::invalid_state,
                             "committed offsets were asked of a consumer without a group");
  }
  if (partitions.empty()) return std::vector<CommittedOffset>{};
  if (!std::ranges::equal(asked_, partitions)) forget();
  if (answer_ == nullptr) ask(partitions);
  const EventPtr answer{rd_kafka_queue_poll(answer_.get(), static_cast<int>(timeout.count()))};
  if (answer == nullptr) {
    client_.serve(std::chrono::milliseconds::zero());
    const std::string trouble = client_.trouble();
    return Status::retriable(ErrorCode::timed_out,
                             "reading committed offsets of group " + group_id_ + ": no answer yet" +
                                 (trouble.empty() ? trouble : " (" + trouble + ")"));
  }
  forget();
  return understand(answer);
}

void CommittedOffsetReader::ask(std::span<const TopicPartition> partitions) {
  asked_.assign(partitions.begin(), partitions.end());
  answer_.reset(rd_kafka_queue_new(client_.get()));
  const AdminOptionsPtr options{
      rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS)};
  std::array<char, 512> text{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), longest_question, text.data(),
                                            text.size());
  const ErrorPtr refused{rd_kafka_AdminOptions_set_require_stable_offsets(
      options.get(), isolation_ == Isolation::read_committed ? 1 : 0)};
  const PartitionListPtr list{
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()))};
  for (const TopicPartition& partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(),
                                      partition.partition.value());
  }
  const GroupOffsetsPtr request{
      rd_kafka_ListConsumerGroupOffsets_new(group_id_.c_str(), list.get())};
  rd_kafka_ListConsumerGroupOffsets_t* view = request.get();
  rd_kafka_ListConsumerGroupOffsets(client_.get(), &view, 1, options.get(), answer_.get());
}

Result<std::vector<CommittedOffset>> CommittedOffsetReader::understand(
    const EventPtr& answer) const {
  const std::string doing = "reading committed offsets of group " + group_id_;
  if (const auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return make_status(error, doing, rd_kafka_event_error_string(answer.get()));
  }
  std::size_t groups = 0;
  const rd_kafka_group_result_t** results = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(answer.get()), &groups);
  if (const rd_kafka_error_t* error = rd_kafka_group_result_error(results[0])) {
    return make_status(rd_kafka_error_code(error), doing, rd_kafka_error_string(error));
  }
  const rd_kafka_topic_partition_list_t* list = rd_kafka_group_result_partitions(results[0]);
  std::vector<CommittedOffset> offsets;
  for (const auto& one : std::span{list->elems, static_cast<std::size_t>(list->cnt)}) {
    const TopicPartition partition{one.topic, PartitionId{one.partition}};
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return make_status(one.err, doing + " for " + to_string(partition));
    }
    if (one.offset < 0) continue;
    CommittedOffset offset{.partition = partition, .next = Offset{one.offset}, .metadata = {}};
    if (one.metadata_size > 0) {
      offset.metadata.assign(static_cast<const char*>(one.metadata), one.metadata_size);
    }
    offsets.push_back(std::move(offset));
  }
  return offsets;
}

}  // namespace moldau::inline v0::kafka::rdkafka
