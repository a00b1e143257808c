#include "runtime/thread_producer.h"

#include "moldau/base/assert.h"

#include "runtime/task_signals.h"

#include <algorithm>

namespace moldau::inline v0::runtime {

namespace {

// One look at a full queue: long enough to let the broker make room, short enough to notice a stop.
constexpr std::chrono::milliseconds full_queue_wait{50};
constexpr std::chrono::seconds metadata_wait{10};

std::optional<Bytes> view(const std::optional<ByteBuffer>& bytes) {
  return bytes ? std::optional{bytes->bytes()} : std::nullopt;
}

std::size_t size_of(const OutgoingRecord& record) {
  return (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
}

// Without its letter, a record that a handler leaves out would be lost.
[[noreturn]] void dead_letter_failed(const std::string& topic, const Status& status) {
  throw TaskFailed("dead-letter topic " + topic +
                   " does not take a record: " + std::string{status.message()} +
                   ". Create the topic, and let the application write to it");
}

bool needs_new_transaction(const Status& status) {
  return status.requires_abort() || status.fatal() || status.fenced();
}

}  // namespace

ThreadProducer::ThreadProducer(Services services, kafka::ProducerOptions options,
                               TransactionSize size)
    : services_(std::move(services)), options_(std::move(options)), size_(size) {}

ThreadProducer::~ThreadProducer() { discard(); }

Status ThreadProducer::prepare(std::chrono::milliseconds timeout) {
  if (ready_) return {};
  if (producer_ == nullptr) {
    Result<std::unique_ptr<kafka::Producer>> made = services_.clients.make_producer(options_);
    if (!made) return made.error();
    producer_ = *std::move(made);
    for (std::size_t i = 0; i < topics_.size(); ++i) {
      [[maybe_unused]] const TopicHandle handle =
          producer_->topic(topics_[i].name, topics_[i].changelog);
      MOLDAU_ASSERT(handle.value() == static_cast<std::int32_t>(i));
    }
  }
  if (transactional() && !initialized_) {
    Status status = producer_->init_transactions(timeout);
    if (!status) {
      if (status.fatal()) discard();
      return status;
    }
    initialized_ = true;
  }
  ready_ = true;
  return {};
}

void ThreadProducer::discard() {
  if (producer_ != nullptr) producer_->purge();
  producer_.reset();
  initialized_ = false;
  ready_ = false;
  in_transaction_ = false;
}

TopicHandle ThreadProducer::register_topic(std::string_view name, bool changelog) {
  if (const auto known = handles_.find(name); known != handles_.end()) return known->second;
  const TopicHandle handle{static_cast<std::int32_t>(topics_.size())};
  topics_.push_back({std::string{name}, changelog});
  handles_.emplace(name, handle);
  if (producer_ != nullptr) producer_->topic(name, changelog);
  return handle;
}

std::int32_t ThreadProducer::partitions(TopicHandle topic) {
  const Result<std::int32_t> count = producer_->partitions(topic, metadata_wait);
  if (!count) {
    throw StreamsError(
        "topic " + topics_[static_cast<std::size_t>(topic.value())].name +
        ": its partition count is not known: " + std::string{count.error().message()});
  }
  return *count;
}

void ThreadProducer::send(const OutgoingRecord& record) {
  if (const LetGo* left_out = let_go_.empty() ? nullptr : let_go(record)) {
    services_.dropped.add();
    // A copy: sending may find more records that are to be left out.
    services_.errors.dead_letters().send(std::vector<DeadLetter>{left_out->letters});
    return;
  }
  if (transactional() && !in_transaction_) {
    if (Status status = begin_if_needed(); !status) throw TransactionLost(std::move(status));
  }
  if (!first_sent_) first_sent_ = services_.clock.steady();
  for (;;) {
    const Status status = producer_->send(record);
    if (status.ok()) {
      sent_bytes_ += size_of(record);
      return;
    }
    if (status.code() != ErrorCode::queue_full) {
      refused(record, status);
      return;
    }
    collect();
    if (services_.stopping()) throw StopRequested();
    // Waits for room; that not everything is delivered by then is what is expected.
    static_cast<void>(producer_->flush(full_queue_wait));
    collect();
  }
}

void ThreadProducer::refused(const OutgoingRecord& record, const Status& status) {
  if (needs_new_transaction(status)) {
    collect();  // a record that was not delivered before says why, and goes to its handler
    throw TransactionLost(status);
  }
  const std::string& topic = topics_[static_cast<std::size_t>(record.topic.value())].name;
  const ErrorContext context{.metadata = {},
                             .timestamp = record.timestamp.value_or(Timestamp::unknown()),
                             .headers = record.headers,
                             .node = {},
                             .task = {},
                             .source_key = record.key,
                             .source_value = record.value};
  if (services_.errors.dead_letters().go_to(topic)) dead_letter_failed(topic, status);
  const ErrorPolicy::Verdict verdict =
      services_.errors.production_failed(context, {.topic = topic,
                                                   .partition = record.partition,
                                                   .key = record.key,
                                                   .value = record.value,
                                                   .reason = status.message(),
                                                   .retriable = status.retriable()});
  const std::string message =
      "topic " + topic + ": a record cannot be sent: " + std::string{status.message()};
  if (verdict.response != ErrorResponse::retry) {
    services_.errors.dead_letters().send(verdict.letters);
  }
  switch (verdict.response) {
    case ErrorResponse::resume:
      services_.dropped.add();
      services_.logger->warning(message + "; left out, as the production exception handler says");
      return;
    case ErrorResponse::retry:
      throw TransactionLost(status);
    case ErrorResponse::fail:
      throw TaskFailed(message);
  }
}

void ThreadProducer::collect() {
  if (producer_ == nullptr) return;
  const kafka::Deliveries deliveries = producer_->take_deliveries();
  for (const kafka::AckedOffset& ack : deliveries.acked) {
    Offset& highest = acked_.try_emplace({ack.topic, ack.partition}, ack.offset).first->second;
    highest = std::max(highest, ack.offset);
  }
  for (const kafka::FailedRecord& failed : deliveries.failed) handle_failure(failed);
}

// Doing it again would not help before somebody grants what is missing.
void ThreadProducer::fail_if_forbidden(const Status& status) {
  if (status.code() != ErrorCode::authorization_failed) return;
  throw TaskFailed("a transaction cannot be completed: " + std::string{status.message()});
}

void ThreadProducer::handle_failure(const kafka::FailedRecord& failed) {
  const ErrorContext context{.metadata = {},
                             .timestamp = failed.timestamp.value_or(Timestamp::unknown()),
                             .headers = &failed.headers,
                             .node = {},
                             .task = {},
                             .source_key = view(failed.key),
                             .source_value = view(failed.value)};
  // Fencing and dead clients are not the record's fault, nor is what ended its transaction: no
  // handler is asked.
  if (failed.status.fatal() || failed.status.fenced()) throw TransactionLost(failed.status);
  if (failed.status.requires_abort()) {
    fail_if_forbidden(failed.status);
    throw TransactionLost(failed.status);
  }
  if (services_.errors.dead_letters().go_to(failed.topic)) {
    dead_letter_failed(failed.topic, failed.status);
  }
  ErrorPolicy::Verdict verdict =
      services_.errors.production_failed(context, {.topic = failed.topic,
                                                   .partition = failed.partition,
                                                   .key = view(failed.key),
                                                   .value = view(failed.value),
                                                   .reason = failed.status.message(),
                                                   .retriable = failed.status.retriable()});
  const std::string message = "topic " + failed.topic + ": a record could not be delivered: " +
                              std::string{failed.status.message()};
  switch (verdict.response) {
    case ErrorResponse::resume:
      services_.logger->warning(message + "; left out, as the production exception handler says");
      if (!transactional()) {
        services_.dropped.add();
        services_.errors.dead_letters().send(verdict.letters);
        return;
      }
      // The broker will not commit a transaction that a record is missing from: produce the others
      // again without this one.
      let_go_.push_back({.record = failed, .letters = std::move(verdict.letters)});
      throw TransactionLost(failed.status);
    case ErrorResponse::retry:
      throw TransactionLost(failed.status);
    case ErrorResponse::fail:
      if (!transactional()) services_.errors.dead_letters().send(verdict.letters);
      throw TaskFailed(message);
  }
}

const ThreadProducer::LetGo* ThreadProducer::let_go(const OutgoingRecord& record) const {
  const std::string& topic = topics_[static_cast<std::size_t>(record.topic.value())].name;
  const auto found = std::ranges::find_if(let_go_, [&](const LetGo& candidate) {
    const kafka::FailedRecord& failed = candidate.record;
    return failed.topic == topic && view(failed.key) == record.key &&
           view(failed.value) == record.value &&
           (!record.timestamp || failed.timestamp == record.timestamp);
  });
  return found == let_go_.end() ? nullptr : &*found;
}

Status ThreadProducer::flush(std::chrono::milliseconds timeout) {
  if (producer_ == nullptr) return {};
  Status status = producer_->flush(timeout);
  collect();
  return status;
}

Status ThreadProducer::begin_if_needed() {
  if (in_transaction_) return {};
  Status status = producer_->begin_transaction();
  in_transaction_ = status.ok();
  return status;
}

Status ThreadProducer::add_offsets(std::string_view group,
                                   std::span<const kafka::CommittedOffset> offsets,
                                   const kafka::MemberSnapshot& as,
                                   std::chrono::milliseconds timeout) {
  Status status = producer_->add_offsets(group, offsets, as, timeout);
  fail_if_forbidden(status);
  return status;
}

Result<kafka::TransactionEnd> ThreadProducer::commit_transaction(
    std::chrono::milliseconds timeout) {
  Result<kafka::TransactionEnd> end = producer_->commit_transaction(timeout);
  if (end) in_transaction_ = false;
  return end;
}

Result<kafka::TransactionEnd> ThreadProducer::abort_transaction(std::chrono::milliseconds timeout) {
  Result<kafka::TransactionEnd> end = producer_->abort_transaction(timeout);
  if (end) in_transaction_ = false;
  return end;
}

std::optional<Offset> ThreadProducer::acked(TopicHandle topic, PartitionId partition) const {
  const auto found = acked_.find({topic, partition});
  return found == acked_.end() ? std::nullopt : std::optional{found->second};
}

void ThreadProducer::begin_again() {
  // What was purged by an abort is reported as failed; nobody waits for it.
  if (producer_ != nullptr) static_cast<void>(producer_->take_deliveries());
  if (first_sent_) {
    const auto limit = size_.given_up(sent_bytes_, services_.clock.steady() - *first_sent_);
    if (limit) {
      services_.logger->warning("the broker did not take " + std::to_string(sent_bytes_) +
                                " bytes in time; for now there is a commit after each " +
                                std::to_string(*limit));
    }
  }
  acked_.clear();
  sent_bytes_ = 0;
  first_sent_.reset();
}

void ThreadProducer::begin_new_commit() {
  if (first_sent_) size_.committed(sent_bytes_, services_.clock.steady() - *first_sent_);
  acked_.clear();
  sent_bytes_ = 0;
  first_sent_.reset();
  let_go_.clear();
}

}  // namespace moldau::inline v0::runtime
