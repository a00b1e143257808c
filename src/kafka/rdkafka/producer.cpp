#include "kafka/rdkafka/producer.h"

#include "kafka/rdkafka/errors.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

using std::chrono::milliseconds;

// A transactional call that has not ended by then will not.
constexpr std::chrono::seconds stalled_after{60};

// librdkafka tells null from empty by the pointer.
const void* data_of(const std::optional<Bytes>& bytes) {
  if (!bytes) return nullptr;
  return bytes->data() != nullptr ? static_cast<const void*>(bytes->data()) : "";
}

std::size_t size_of(const std::optional<Bytes>& bytes) { return bytes ? bytes->size() : 0; }

// librdkafka takes 0 for "now", so the first millisecond of 1970 is sent as the second.
std::int64_t timestamp_of(const OutgoingRecord& record) {
  constexpr std::int64_t now = 0;
  if (!record.timestamp) return now;
  return std::max<std::int64_t>(record.timestamp->milliseconds(), 1);
}

// What librdkafka's macros for its variadic send do, but for the compound literals, which C++ does
// not have. (Of its two sends the variadic one is without defects: rd_kafka_produceva() frees
// headers twice if the partition does not exist.)
rd_kafka_resp_err_t produce(rd_kafka_t* rk, rd_kafka_topic_t* topic, const OutgoingRecord& record,
                            rd_kafka_headers_t* headers) {
  const std::int64_t timestamp = timestamp_of(record);
  const std::int32_t partition =
      record.partition ? record.partition->value() : RD_KAFKA_PARTITION_UA;
  const void* value = data_of(record.value);
  const void* key = data_of(record.key);
  void* opaque = delivery_opaque(record.timestamp);
  if (headers == nullptr) {
    return rd_kafka_producev(rk, RD_KAFKA_VTYPE_RKT, topic, RD_KAFKA_VTYPE_PARTITION, partition,
                             RD_KAFKA_VTYPE_MSGFLAGS, RD_KAFKA_MSG_F_COPY, RD_KAFKA_VTYPE_VALUE,
                             value, size_of(record.value), RD_KAFKA_VTYPE_KEY, key,
                             size_of(record.key), RD_KAFKA_VTYPE_TIMESTAMP, timestamp,
                             RD_KAFKA_VTYPE_OPAQUE, opaque, RD_KAFKA_VTYPE_END);
  }
  return rd_kafka_producev(
      rk, RD_KAFKA_VTYPE_RKT, topic, RD_KAFKA_VTYPE_PARTITION, partition, RD_KAFKA_VTYPE_MSGFLAGS,
      RD_KAFKA_MSG_F_COPY, RD_KAFKA_VTYPE_VALUE, value, size_of(record.value), RD_KAFKA_VTYPE_KEY,
      key, size_of(record.key), RD_KAFKA_VTYPE_TIMESTAMP, timestamp, RD_KAFKA_VTYPE_OPAQUE, opaque,
      RD_KAFKA_VTYPE_HEADERS, headers, RD_KAFKA_VTYPE_END);
}

HeadersPtr make_headers(const Headers& headers) {
  HeadersPtr made{rd_kafka_headers_new(headers.size())};
  for (const Header& header : headers) {
    const auto view = header.value ? std::optional{header.value->bytes()} : std::nullopt;
    rd_kafka_header_add(made.get(), header.key.data(), static_cast<ssize_t>(header.key.size()),
                        data_of(view), static_cast<ssize_t>(size_of(view)));
  }
  return made;
}

}  // namespace

RdKafkaProducer::RdKafkaProducer(std::unique_ptr<Client> client,
                                 std::unique_ptr<wire::TransactionFence> fence, const Clock& clock,
                                 Workers& workers, std::shared_ptr<Reaper> reaper)
    : reaper_(std::move(reaper)),
      client_(std::move(client)),
      fence_(std::move(fence)),
      log_(static_cast<DeliveryLog&>(client_->events())),
      clock_(clock),
      background_(std::make_unique<BackgroundCall>(workers)) {}

RdKafkaProducer::~RdKafkaProducer() { reaper_->end(std::move(client_), std::move(background_)); }

// Making librdkafka's topic asks for its metadata.
TopicHandle RdKafkaProducer::topic(std::string_view name, bool track_acks) {
  if (const auto known = handles_.find(name); known != handles_.end()) return known->second;
  const TopicHandle handle{static_cast<std::int32_t>(topics_.size())};
  DeliveryLog::Topic& log = log_.add_topic(std::string{name}, track_acks);
  topics_.push_back({.topic = client_->topic(log.name(), &log), .log = &log, .partitions = {}});
  handles_.emplace(name, handle);
  return handle;
}

Result<std::int32_t> RdKafkaProducer::partitions(TopicHandle topic, milliseconds timeout) {
  Topic& asked = topics_[static_cast<std::size_t>(topic.value())];
  if (asked.partitions) return *asked.partitions;
  const std::string doing = "asking for the partitions of topic " + asked.log->name();
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client_->get(), 0, asked.topic, &answer, static_cast<int>(timeout.count()));
  const MetadataPtr metadata{answer};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return with_trouble(make_status(error, doing));
  if (metadata->topic_cnt != 1) {
    return Status::permanent(ErrorCode::unknown_topic, doing + ": it does not exist");
  }
  const rd_kafka_metadata_topic& found = metadata->topics[0];
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return make_status(found.err, doing);
  if (found.partition_cnt == 0) {
    return Status::retriable(ErrorCode::not_ready, doing + ": it is being created");
  }
  asked.partitions = found.partition_cnt;
  return found.partition_cnt;
}

Status RdKafkaProducer::send(const OutgoingRecord& record) {
  const Topic& topic = topics_[static_cast<std::size_t>(record.topic.value())];
  if (record.timestamp && record.timestamp->negative()) {
    return Status::permanent(
        ErrorCode::invalid_request,
        "sending to topic " + topic.log->name() + ": negative timestamp " +
            std::to_string(record.timestamp->milliseconds()) +
            "; records with one cannot be stored: drop them or give them a time");
  }
  if (!record.headers->empty()) return send_with_headers(record, topic.topic);
  const rd_kafka_resp_err_t error = produce(client_->get(), topic.topic, record, nullptr);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR ? Status{} : refused(error, topic);
}

Status RdKafkaProducer::send_with_headers(const OutgoingRecord& record, rd_kafka_topic_t* topic) {
  HeadersPtr headers = make_headers(*record.headers);
  const rd_kafka_resp_err_t error = produce(client_->get(), topic, record, headers.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    static_cast<void>(headers.release());  // the record's now
    return {};
  }
  return refused(error, topics_[static_cast<std::size_t>(record.topic.value())]);
}

Status RdKafkaProducer::refused(rd_kafka_resp_err_t error, const Topic& topic) {
  const std::string doing = "sending to topic " + topic.log->name();
  if (error == RD_KAFKA_RESP_ERR__FATAL) return fatal_status(client_->get(), doing);
  // Within a transaction it takes no more records once one was not delivered. The delivery report
  // that says why may not have been taken yet.
  if (error == RD_KAFKA_RESP_ERR__STATE) {
    return {ErrorCode::invalid_state,
            doing + ": the transaction has failed and must be aborted",
            {.requires_abort = true}};
  }
  return make_status(error, doing);
}

Deliveries RdKafkaProducer::take_deliveries() {
  client_->serve(milliseconds::zero());
  // The consumer of the same thread tells of the same cluster.
  static_cast<void>(client_->take_problems());
  Deliveries deliveries = log_.take();
  if (in_transaction_ && !deliveries.failed.empty()) name_the_cause(deliveries.failed);
  return deliveries;
}

void RdKafkaProducer::name_the_cause(std::vector<FailedRecord>& failed) const {
  // Refused while there is a transaction; with the cause, if that one has to be aborted.
  const ErrorPtr error{rd_kafka_begin_transaction(client_->get())};
  if (error == nullptr || rd_kafka_error_txn_requires_abort(error.get()) == 0) return;
  for (FailedRecord& record : failed) {
    if (record.status.retriable()) record.status = make_status(error, "topic " + record.topic);
  }
}

Status RdKafkaProducer::flush(milliseconds timeout) {
  const rd_kafka_resp_err_t error =
      rd_kafka_flush(client_->get(), static_cast<int>(timeout.count()));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return with_trouble(make_status(
      error, "flushing",
      std::to_string(rd_kafka_outq_len(client_->get())) + " records are not acknowledged yet"));
}

Status RdKafkaProducer::init_transactions(milliseconds timeout) {
  const std::string doing = "initialising transactions";
  if (fence_ != nullptr) {
    if (fence_->advance(timeout) == wire::TransactionFence::Progress::not_ended) {
      return give_up_if_stalled(with_trouble(Status::retriable(
          ErrorCode::timed_out, doing + ": an older transaction is still being ended")));
    }
    fence_.reset();
  }
  const ErrorPtr error{
      rd_kafka_init_transactions(client_->get(), static_cast<int>(timeout.count()))};
  client_->serve(milliseconds::zero());
  return give_up_if_stalled(with_trouble(make_status(error, doing)));
}

Status RdKafkaProducer::begin_transaction() {
  const ErrorPtr error{rd_kafka_begin_transaction(client_->get())};
  if (error == nullptr) in_transaction_ = true;
  return make_status(error, "beginning a transaction");
}

// librdkafka's call is not resumable: when its time is over it gives the transaction up. So it gets
// as long as the transaction may take, in the background, and is waited for in pieces.
Status RdKafkaProducer::add_offsets(std::string_view group,
                                    std::span<const CommittedOffset> offsets,
                                    const MemberSnapshot& as, milliseconds timeout) {
  const std::string doing = "adding offsets of group " + std::string{group} + " to the transaction";
  if (!background_->running()) {
    // Shared, as std::function wants what it holds to be copyable; there is one user.
    const std::shared_ptr<rd_kafka_topic_partition_list_t> list{
        rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())),
        rd_kafka_topic_partition_list_destroy};
    for (const CommittedOffset& offset : offsets) {
      rd_kafka_topic_partition_t* added = rd_kafka_topic_partition_list_add(
          list.get(), offset.partition.topic.c_str(), offset.partition.partition.value());
      added->offset = offset.next.value();
      if (offset.metadata.empty()) continue;
      added->metadata_size = offset.metadata.size();
      added->metadata = rd_kafka_mem_malloc(nullptr, offset.metadata.size());
      offset.metadata.copy(static_cast<char*>(added->metadata), offset.metadata.size());
    }
    const std::shared_ptr<rd_kafka_consumer_group_metadata_t> member{
        rd_kafka_consumer_group_metadata_new_with_genid(
            std::string{group}.c_str(), as.epoch.value(), as.member_id.c_str(), nullptr),
        rd_kafka_consumer_group_metadata_destroy};
    background_->start([rk = client_->get(), list, member, doing] {
      constexpr int while_the_transaction_lasts = -1;
      const ErrorPtr error{rd_kafka_send_offsets_to_transaction(rk, list.get(), member.get(),
                                                                while_the_transaction_lasts)};
      return make_status(error, doing);
    });
  }
  const std::optional<Status> outcome = background_->wait(timeout);
  client_->serve(milliseconds::zero());
  if (!outcome)
    return with_trouble(Status::retriable(ErrorCode::timed_out, doing + ": no answer yet"));
  return *outcome;
}

Result<TransactionEnd> RdKafkaProducer::commit_transaction(milliseconds timeout) {
  return end_transaction(rd_kafka_commit_transaction, "committing the transaction", timeout);
}

Result<TransactionEnd> RdKafkaProducer::abort_transaction(milliseconds timeout) {
  return end_transaction(rd_kafka_abort_transaction, "aborting the transaction", timeout);
}

Result<TransactionEnd> RdKafkaProducer::end_transaction(EndCall end, std::string_view doing,
                                                        milliseconds timeout) {
  if (background_->running() && !background_->wait(timeout)) {
    return Status::retriable(ErrorCode::timed_out,
                             std::string{doing} + ": offsets are still being added to it");
  }
  if (!unanswered_before_end_) unanswered_before_end_ = log_.unanswered_ends();
  in_transaction_ = false;
  const ErrorPtr error{end(client_->get(), static_cast<int>(timeout.count()))};
  client_->serve(milliseconds::zero());
  Status status = give_up_if_stalled(with_trouble(make_status(error, doing)));
  if (status.retriable()) return status;
  const std::uint64_t before = *std::exchange(unanswered_before_end_, std::nullopt);
  if (!status.ok()) return status;
  return TransactionEnd{.clean = log_.unanswered_ends() == before};
}

Status RdKafkaProducer::with_trouble(Status status) const {
  if (!status.retriable()) return status;
  const std::string trouble = client_->trouble();
  if (trouble.empty()) return status;
  return {status.code(), std::string{status.message()} + " (" + trouble + ")", status.kind()};
}

Status RdKafkaProducer::give_up_if_stalled(Status status) {
  if (!status.retriable()) {
    waiting_since_.reset();
    return status;
  }
  const Clock::Steady now = clock_.steady();
  // A cluster that is away is waited for; a new client would not get through either.
  if (!waiting_since_ || !client_->trouble().empty()) waiting_since_ = now;
  if (now - *waiting_since_ < stalled_after) return status;
  return {status.code(),
          std::string{status.message()} + "; no end of it for 60 s, giving this client up",
          {.fatal = true}};
}

void RdKafkaProducer::purge() {
  rd_kafka_purge(client_->get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                     RD_KAFKA_PURGE_F_NON_BLOCKING);
}

}  // namespace moldau::inline v0::kafka::rdkafka
