#include "kafka/rdkafka/admin.h"

#include "kafka/rdkafka/errors.h"

#include <algorithm>
#include <array>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

using std::chrono::milliseconds;

// More than librdkafka needs to notice itself that the time is over.
constexpr milliseconds slack{1'000};

// Time-outs below this are refused by librdkafka's admin calls.
constexpr milliseconds shortest{1};

// librdkafka forgets a question when its time is over: with less than a round trip, the
// connection's set-up included, asking again and again would never get an answer.
constexpr milliseconds shortest_question{1'000};

// __consumer_offsets and its like.
constexpr std::string_view brokers_own = "__";

int count(std::size_t size) { return static_cast<int>(size); }
int in_milliseconds(milliseconds time) { return static_cast<int>(time.count()); }

Status first_error(const rd_kafka_topic_result_t** results, std::size_t size,
                   std::string_view doing) {
  for (const rd_kafka_topic_result_t* result : std::span{results, size}) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(result);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const char* text = rd_kafka_topic_result_error_string(result);
    return make_status(error, std::string{doing} + " topic " + rd_kafka_topic_result_name(result),
                       text != nullptr ? text : "");
  }
  return {};
}

Status first_error(const rd_kafka_topic_partition_list_t& list, std::string_view doing) {
  for (const auto& one : std::span{list.elems, static_cast<std::size_t>(list.cnt)}) {
    if (one.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    return make_status(
        one.err, std::string{doing} + " " + to_string({one.topic, PartitionId{one.partition}}));
  }
  return {};
}

PartitionListPtr make_list(std::span<const TopicPartition> partitions, std::int64_t offset) {
  PartitionListPtr list{rd_kafka_topic_partition_list_new(count(partitions.size()))};
  for (const TopicPartition& partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(),
                                      partition.partition.value())
        ->offset = offset;
  }
  return list;
}

}  // namespace

RdKafkaAdmin::RdKafkaAdmin(std::unique_ptr<Client> committed, std::unique_ptr<Client> uncommitted,
                           const Clock& clock, std::shared_ptr<Reaper> reaper)
    : reaper_(std::move(reaper)),
      committed_(std::move(committed)),
      uncommitted_(std::move(uncommitted)),
      clock_(clock) {}

RdKafkaAdmin::~RdKafkaAdmin() {
  reaper_->end(std::move(committed_));
  reaper_->end(std::move(uncommitted_));
}

Result<std::vector<TopicDescription>> RdKafkaAdmin::describe_topics(
    std::span<const std::string> topics, milliseconds timeout) {
  const Clock::Steady until = clock_.steady() + std::max(timeout, shortest_question);
  std::vector<TopicDescription> found;
  for (const std::string& topic : topics) {
    const auto left = std::max(shortest, std::chrono::ceil<milliseconds>(until - clock_.steady()));
    const TopicPtr handle{rd_kafka_topic_new(uncommitted_->get(), topic.c_str(), nullptr)};
    const rd_kafka_metadata_t* answer = nullptr;
    const rd_kafka_resp_err_t error =
        rd_kafka_metadata(uncommitted_->get(), 0, handle.get(), &answer, in_milliseconds(left));
    const MetadataPtr metadata{answer};
    const std::string doing = "describing topic " + topic;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return with_trouble(make_status(error, doing));
    if (metadata->topic_cnt == 0) continue;
    const rd_kafka_metadata_topic& described = metadata->topics[0];
    const auto topic_error = described.err;
    if (topic_error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    if (topic_error != RD_KAFKA_RESP_ERR_NO_ERROR) return make_status(topic_error, doing);
    found.push_back({.name = topic, .partitions = described.partition_cnt, .topic_id = {}});
  }
  return found;
}

Result<std::vector<std::string>> RdKafkaAdmin::list_topics(milliseconds timeout) {
  const milliseconds time = std::max(timeout, shortest_question);
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(uncommitted_->get(), 1, nullptr, &answer, in_milliseconds(time));
  const MetadataPtr metadata{answer};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return with_trouble(make_status(error, "listing the topics"));
  }
  std::vector<std::string> names;
  for (const rd_kafka_metadata_topic& topic :
       std::span{metadata->topics, static_cast<std::size_t>(metadata->topic_cnt)}) {
    const std::string_view name{topic.topic};
    if (!name.starts_with(brokers_own)) names.emplace_back(name);
  }
  return names;
}

Status RdKafkaAdmin::create_topics(std::span<const NewTopic> topics, milliseconds timeout) {
  std::vector<NewTopicPtr> made;
  std::vector<rd_kafka_NewTopic_t*> views;
  for (const NewTopic& topic : topics) {
    std::array<char, 512> text{};
    // 0 partitions or -1 replicas: the broker's default.
    made.emplace_back(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replication,
                                            text.data(), text.size()));
    if (made.back() == nullptr) {
      return Status::permanent(ErrorCode::invalid_request,
                               "creating topic " + topic.name + ": " + text.data());
    }
    for (const auto& [name, value] : topic.config) {
      rd_kafka_NewTopic_set_config(made.back().get(), name.c_str(), value.c_str());
    }
    views.push_back(made.back().get());
  }
  const auto answer =
      ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, "creating topics", timeout,
          [&](rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
            rd_kafka_CreateTopics(rk, views.data(), views.size(), options, queue);
          });
  if (!answer) return answer.error();
  std::size_t size = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer->get()), &size);
  return first_error(results, size, "creating");
}

Status RdKafkaAdmin::delete_topics(std::span<const std::string> topics, milliseconds timeout) {
  std::vector<DeleteTopicPtr> made;
  std::vector<rd_kafka_DeleteTopic_t*> views;
  for (const std::string& topic : topics) {
    made.emplace_back(rd_kafka_DeleteTopic_new(topic.c_str()));
    views.push_back(made.back().get());
  }
  const auto answer =
      ask(RD_KAFKA_ADMIN_OP_DELETETOPICS, "deleting topics", timeout,
          [&](rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
            rd_kafka_DeleteTopics(rk, views.data(), views.size(), options, queue);
          });
  if (!answer) return answer.error();
  std::size_t size = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer->get()), &size);
  return first_error(results, size, "deleting");
}

Status RdKafkaAdmin::delete_records(std::span<const PartitionPosition> before,
                                    milliseconds timeout) {
  if (before.empty()) return {};
  const PartitionListPtr list{rd_kafka_topic_partition_list_new(count(before.size()))};
  for (const PartitionPosition& position : before) {
    if (!position.offset) {
      return Status::permanent(
          ErrorCode::invalid_request,
          "deleting records of " + to_string(position.partition) + ": no offset given up to which");
    }
    rd_kafka_topic_partition_list_add(list.get(), position.partition.topic.c_str(),
                                      position.partition.partition.value())
        ->offset = position.offset->value();
  }
  const DeleteRecordsPtr request{rd_kafka_DeleteRecords_new(list.get())};
  rd_kafka_DeleteRecords_t* view = request.get();
  const auto answer =
      ask(RD_KAFKA_ADMIN_OP_DELETERECORDS, "deleting records", timeout,
          [&](rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
            rd_kafka_DeleteRecords(rk, &view, 1, options, queue);
          });
  if (!answer) return answer.error();
  return first_error(
      *rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(answer->get())),
      "deleting records of");
}

Result<std::vector<OffsetRange>> RdKafkaAdmin::list_offsets(
    std::span<const TopicPartition> partitions, Isolation isolation, milliseconds timeout) {
  if (partitions.empty()) return std::vector<OffsetRange>{};
  Client& client = isolation == Isolation::read_committed ? *committed_ : *uncommitted_;
  const Clock::Steady until = clock_.steady() + std::max(timeout, shortest_question);
  std::vector<OffsetRange> ranges(partitions.size());
  // The logical offsets are what the protocol writes for "first" and "end" in place of a time: one
  // request per broker. (rd_kafka_query_watermark_offsets() asks per partition, and 2.0.2 does not
  // keep to its time-out there.)
  for (const std::int64_t which : {RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END}) {
    const PartitionListPtr list = make_list(partitions, which);
    const auto left = std::max(shortest, std::chrono::ceil<milliseconds>(until - clock_.steady()));
    const rd_kafka_resp_err_t error =
        rd_kafka_offsets_for_times(client.get(), list.get(), in_milliseconds(left));
    constexpr std::string_view doing = "asking for the offsets of";
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (Status status = first_error(*list, doing); !status) return status;
      return with_trouble(make_status(error, "asking for log ends"));
    }
    if (Status status = first_error(*list, doing); !status) return status;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
      const rd_kafka_topic_partition_t* answer = rd_kafka_topic_partition_list_find(
          list.get(), partitions[i].topic.c_str(), partitions[i].partition.value());
      if (answer == nullptr || answer->offset < 0) {
        return Status::retriable(
            ErrorCode::not_ready,
            std::string{doing} + " " + to_string(partitions[i]) + ": its leader gave no answer");
      }
      (which == RD_KAFKA_OFFSET_BEGINNING ? ranges[i].start : ranges[i].end) =
          Offset{answer->offset};
    }
  }
  return ranges;
}

Result<EventPtr> RdKafkaAdmin::ask(rd_kafka_admin_op_t operation, std::string_view doing,
                                   milliseconds timeout, const Ask& ask) {
  const auto wait = std::max(shortest, timeout);
  rd_kafka_t* rk = uncommitted_->get();
  const AdminOptionsPtr options{rd_kafka_AdminOptions_new(rk, operation)};
  std::array<char, 512> text{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), in_milliseconds(wait), text.data(),
                                            text.size());
  // How long the broker itself waits for the others.
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), in_milliseconds(wait), text.data(),
                                              text.size());
  const QueuePtr queue{rd_kafka_queue_new(rk)};
  ask(rk, options.get(), queue.get());
  EventPtr event{rd_kafka_queue_poll(queue.get(), in_milliseconds(wait + slack))};
  if (event == nullptr) {
    return with_trouble(make_status(RD_KAFKA_RESP_ERR__TIMED_OUT, doing));
  }
  if (const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
      error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return with_trouble(make_status(error, doing, rd_kafka_event_error_string(event.get())));
  }
  return event;
}

// A time-out alone does not say why.
Status RdKafkaAdmin::with_trouble(const Status& status) {
  std::string text{status.message()};
  for (Client* client : {uncommitted_.get(), committed_.get()}) {
    client->serve(milliseconds::zero());
    static_cast<void>(client->take_problems());
    if (client->trouble().empty()) continue;
    text += " (" + client->trouble() + ")";
    break;
  }
  return {status.code(), std::move(text), status.kind()};
}

}  // namespace moldau::inline v0::kafka::rdkafka
