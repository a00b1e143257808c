#include "kafka/rdkafka/consumer.h"

#include "kafka/rdkafka/errors.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds pause_between_questions{20};

}  // namespace

RdKafkaConsumer::RdKafkaConsumer(std::unique_ptr<Client> client,
                                 std::unique_ptr<wire::OffsetReader> offsets, Traits traits,
                                 const Clock& clock, std::shared_ptr<Reaper> reaper)
    : reaper_(std::move(reaper)),
      client_(std::move(client)),
      traits_(traits),
      clock_(clock),
      offsets_(std::move(offsets)),
      buffer_(std::max<std::size_t>(1, traits_.max_poll_records)) {}

RdKafkaConsumer::~RdKafkaConsumer() {
  order_.clear();
  readers_.clear();
  reaper_->end(std::move(client_));
}

Status RdKafkaConsumer::assign(std::span<const PartitionPosition> partitions) {
  std::erase_if(readers_, [&](const auto& entry) {
    return std::ranges::none_of(partitions, [&](const PartitionPosition& position) {
      return position.partition == entry.first;
    });
  });
  Status status;
  for (const PartitionPosition& position : partitions) {
    bool is_new = false;
    PartitionReader& reader = reader_for(position.partition, is_new);
    if (!is_new && !position.offset) continue;
    status = reader.start(position.offset, position.reset);
    if (status.ok()) continue;
    // The next attempt finds it new again.
    readers_.erase(position.partition);
    break;
  }
  order_.clear();
  for (const auto& [partition, reader] : readers_) order_.push_back(reader.get());
  return status;
}

PartitionReader& RdKafkaConsumer::reader_for(const TopicPartition& partition, bool& is_new) {
  rd_kafka_topic_t*& topic = topics_[partition.topic];
  if (topic == nullptr) topic = client_->topic(partition.topic, &client_->messages_out());
  std::unique_ptr<PartitionReader>& reader = readers_[partition];
  is_new = reader == nullptr;
  if (is_new) {
    reader = std::make_unique<PartitionReader>(*client_, topic, partition, signal_);
  }
  return *reader;
}

void RdKafkaConsumer::pause(std::span<const TopicPartition> partitions) {
  for (const TopicPartition& partition : partitions) {
    if (const auto found = readers_.find(partition); found != readers_.end()) {
      found->second->pause();
    }
  }
}

void RdKafkaConsumer::resume(std::span<const TopicPartition> partitions) {
  for (const TopicPartition& partition : partitions) {
    if (const auto found = readers_.find(partition); found != readers_.end()) {
      found->second->resume();
    }
  }
}

Status RdKafkaConsumer::poll(milliseconds timeout, Polled& into) {
  for (PartitionBatch& batch : into.batches) batch.records.clear();
  into.events.clear();
  into.problems.clear();
  used_batches_ = 0;
  forget_question();
  const Clock::Steady until = clock_.steady() + timeout;
  for (;;) {
    client_->serve(milliseconds::zero());
    into.problems = client_->take_problems();
    if (take_ready(into) || !into.problems.empty() || woken_.load()) break;
    const auto left = std::chrono::ceil<milliseconds>(until - clock_.steady());
    if (left <= milliseconds::zero()) break;
    signal_.wait(left);
  }
  woken_.store(false);
  while (into.batches.size() > used_batches_) {
    spare_.push_back(std::move(into.batches.back().records));
    into.batches.pop_back();
  }
  return {};
}

// Each partition gets its share before any of them gets more, so that one with much to read does
// not hold up those it is joined with.
bool RdKafkaConsumer::take_ready(Polled& into) {
  const auto ready = static_cast<std::size_t>(
      std::ranges::count_if(order_, [](const PartitionReader* r) { return r->has_more(); }));
  if (ready == 0) return false;
  std::size_t left = buffer_.size();
  const std::size_t share = std::max<std::size_t>(1, left / ready);
  std::size_t asked = 0;
  for (PartitionReader* reader : order_) {
    if (left == 0) break;
    if (reader->has_more()) left -= take_from(*reader, std::min(share, left), into);
    ++asked;
  }
  // Those that went without are the first next time.
  std::rotate(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(asked), order_.end());
  return used_batches_ > 0 || !into.events.empty();
}

std::size_t RdKafkaConsumer::take_from(PartitionReader& reader, std::size_t most, Polled& into) {
  if (used_batches_ == into.batches.size()) {
    into.batches.emplace_back();
    if (!spare_.empty()) {
      into.batches.back().records = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  PartitionBatch& batch = into.batches[used_batches_];
  const std::size_t count = reader.take(std::span{buffer_}.first(most), batch.records, into.events);
  if (count > 0) {
    batch.partition = reader.partition();
    ++used_batches_;
  }
  return count;
}

Result<std::vector<CommittedOffset>> RdKafkaConsumer::committed(
    std::span<const TopicPartition> partitions, milliseconds timeout) {
  if (offsets_ == nullptr) {
    return Status::permanent(ErrorCode::invalid_state,
                             "committed offsets were asked of a consumer without a group");
  }
  auto offsets = offsets_->read(partitions, timeout);
  // A transaction is being decided, or a coordinator moves: asking at once again would not help.
  if (!offsets && offsets.error().code() == ErrorCode::not_ready) {
    if (signal_.wait(std::min(timeout, pause_between_questions))) signal_.give();
  }
  return offsets;
}

void RdKafkaConsumer::forget_question() {
  if (offsets_ != nullptr) offsets_->forget();
}

std::optional<Offset> RdKafkaConsumer::known_end(const TopicPartition& partition) const {
  const auto found = readers_.find(partition);
  return found == readers_.end() ? std::nullopt : found->second->known_end(traits_.isolation);
}

void RdKafkaConsumer::wake() {
  woken_.store(true);
  signal_.give();
}

}  // namespace moldau::inline v0::kafka::rdkafka
