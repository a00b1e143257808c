#include "kafka/rdkafka/partition_reader.h"

#include "kafka/rdkafka/errors.h"
#include "kafka/rdkafka/fetched_message.h"

#include <string>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

PartitionReader::PartitionReader(Client& client, rd_kafka_topic_t* topic, TopicPartition partition,
                                 WakeSignal& ready)
    : client_(client), topic_(topic), partition_(std::move(partition)), ready_(ready) {
  listen();
}

PartitionReader::~PartitionReader() {
  rd_kafka_queue_cb_event_enable(queue_.get(), nullptr, nullptr);
  stop();
}

// At each start. As long as librdkafka does not know the topic it forgets a partition that is
// stopped, and starting it makes another one with another queue. A queue that still holds what was
// fetched before does not tell of what comes behind it: it is looked at once unasked.
void PartitionReader::listen() {
  if (queue_ != nullptr) rd_kafka_queue_cb_event_enable(queue_.get(), nullptr, nullptr);
  queue_.reset(rd_kafka_queue_get_partition(client_.get(), partition_.topic.c_str(),
                                            partition_.partition.value()));
  rd_kafka_queue_cb_event_enable(queue_.get(), on_records, this);
  has_more_.store(true, std::memory_order_release);
}

// Under the queue's lock: no call back into librdkafka from here.
void PartitionReader::on_records(rd_kafka_t* /*rk*/, void* opaque) {
  auto& reader = *static_cast<PartitionReader*>(opaque);
  reader.has_more_.store(true, std::memory_order_release);
  reader.ready_.give();
}

Status PartitionReader::start(std::optional<Offset> offset, OffsetReset reset) {
  stop();
  events_.clear();
  ended_at_.reset();
  told_end_.reset();
  reset_ = reset;
  if (offset) return start_at(offset->value());
  switch (reset) {
    case OffsetReset::earliest:
      return start_at(RD_KAFKA_OFFSET_BEGINNING);
    case OffsetReset::latest:
      return start_at(RD_KAFKA_OFFSET_END);
    case OffsetReset::error:
      break;
  }
  events_.push_back({.kind = PartitionEvent::Kind::offset_out_of_range,
                     .partition = partition_,
                     .position = {},
                     .status = Status::permanent(
                         ErrorCode::offset_out_of_range,
                         to_string(partition_) + ": no position is known to start from")});
  return {};
}

Status PartitionReader::start_at(std::int64_t offset) {
  next_ = offset >= 0 ? std::optional{offset} : std::nullopt;
  if (rd_kafka_consume_start(topic_, partition_.partition.value(), offset) != 0) {
    return make_status(rd_kafka_last_error(), "reading " + to_string(partition_));
  }
  fetching_ = true;
  listen();
  return {};
}

// What the queue still holds of the old fetching is known to librdkafka to be outdated.
void PartitionReader::stop() {
  if (!fetching_) return;
  fetching_ = false;
  rd_kafka_consume_stop(topic_, partition_.partition.value());
}

std::size_t PartitionReader::take(std::span<rd_kafka_message_t*> buffer,
                                  std::vector<FetchedRecord>& records,
                                  std::vector<PartitionEvent>& events) {
  for (PartitionEvent& event : events_) events.push_back(std::move(event));
  events_.clear();
  // Before looking: what comes meanwhile sets it again.
  has_more_.store(false, std::memory_order_release);
  const ssize_t taken = rd_kafka_consume_batch_queue(queue_.get(), 0, buffer.data(), buffer.size());
  if (taken <= 0) return 0;
  const auto count = static_cast<std::size_t>(taken);
  const std::size_t before = records.size();
  records.reserve(before + count);
  for (rd_kafka_message_t* message : buffer.first(count)) {
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      take_record(message, records);
    } else {
      take_event(*MessagePtr{message}, events);
    }
  }
  const std::size_t added = records.size() - before;
  client_.messages_out().fetch_add(static_cast<std::int64_t>(added), std::memory_order_relaxed);
  if (count == buffer.size()) {
    has_more_.store(true, std::memory_order_release);
  } else if (added > 0) {
    look_for_end();
  }
  // Each end once, and not if records have come behind it.
  if (ended_at_ && ended_at_ != told_end_) {
    told_end_ = ended_at_;
    events.push_back({.kind = PartitionEvent::Kind::end_of_partition,
                      .partition = partition_,
                      .position = Offset{*ended_at_},
                      .status = {}});
  }
  return added;
}

void PartitionReader::take_record(rd_kafka_message_t* message,
                                  std::vector<FetchedRecord>& records) {
  // 2.0.2 may hand out a record again after it started a partition anew by itself.
  if (next_ && message->offset < *next_) {
    rd_kafka_message_destroy(message);
    return;
  }
  next_ = message->offset + 1;
  ended_at_.reset();
  last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  records.push_back(fetched_record(message));
}

void PartitionReader::take_event(const rd_kafka_message_t& message,
                                 std::vector<PartitionEvent>& events) {
  using Kind = PartitionEvent::Kind;
  PartitionEvent event{.kind = Kind::error,
                       .partition = partition_,
                       .position = Offset{message.offset},
                       .status = {}};
  switch (message.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      next_ = message.offset;
      ended_at_ = message.offset;
      last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      if (reset_ != OffsetReset::error) {
        event.status = start(std::nullopt, reset_);
        if (event.status.ok()) return;
        break;
      }
      event.kind = Kind::offset_out_of_range;
      event.position = Offset{next_.value_or(0)};
      event.status =
          make_status(message.err, to_string(partition_), rd_kafka_message_errstr(&message));
      break;
    default:
      // librdkafka tries again and again, and says so each time.
      if (std::exchange(last_error_, message.err) == message.err) return;
      event.status =
          make_status(message.err, to_string(partition_), rd_kafka_message_errstr(&message));
      if (event.status.code() == ErrorCode::unknown_topic) {
        // A broker that has just started may not know it yet; librdkafka goes on asking.
        event.status =
            Status::retriable(ErrorCode::unknown_topic, std::string{event.status.message()});
      }
      break;
  }
  events.push_back(std::move(event));
}

// librdkafka tells of the end only with the next answer, up to fetch.wait.max.ms later. But the
// last answer told where the log ended, and librdkafka's position counts the markers behind the
// last record, which nobody sees: if the two agree, this is the end.
void PartitionReader::look_for_end() {
  const PartitionListPtr list{rd_kafka_topic_partition_list_new(1)};
  const auto* position = rd_kafka_topic_partition_list_add(list.get(), partition_.topic.c_str(),
                                                           partition_.partition.value());
  std::int64_t low = 0;
  std::int64_t high = RD_KAFKA_OFFSET_INVALID;
  rd_kafka_position(client_.get(), list.get());
  rd_kafka_get_watermark_offsets(client_.get(), partition_.topic.c_str(),
                                 partition_.partition.value(), &low, &high);
  if (!next_ || high < *next_ || position->offset != high) return;
  next_ = high;
  ended_at_ = high;
}

std::optional<Offset> PartitionReader::known_end(Isolation isolation) const {
  // The last stable offset is shown by the end of the partition only: up to then the log end stands
  // for it, so that a reader waits for what may be there.
  if (isolation == Isolation::read_committed && ended_at_) return Offset{*ended_at_};
  std::int64_t low = 0;
  std::int64_t high = RD_KAFKA_OFFSET_INVALID;
  if (rd_kafka_get_watermark_offsets(client_.get(), partition_.topic.c_str(),
                                     partition_.partition.value(), &low,
                                     &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
      high < 0) {
    return std::nullopt;
  }
  return Offset{high};
}

}  // namespace moldau::inline v0::kafka::rdkafka
