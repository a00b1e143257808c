#include "moldau/base/assert.h"
#include "moldau/base/murmur2.h"

#include "kafka/memory/memory_clients.h"
#include "kafka/memory/refusals.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace moldau::inline v0::kafka::memory {

namespace {

constexpr std::string_view queue_limit_setting = "queue.buffering.max.messages";
constexpr std::string_view transaction_timeout_setting = "transaction.timeout.ms";
// librdkafka's default.
constexpr std::chrono::milliseconds default_transaction_timeout{60'000};

template <class T>
Result<T> number(const ClientSettings& settings, std::string_view name, T otherwise) {
  const auto found = settings.find(std::string{name});
  if (found == settings.end()) return otherwise;
  const std::string& text = found->second;
  T value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || stop != text.data() + text.size() || value < 1) {
    return Status::permanent(
        ErrorCode::invalid_request,
        std::string{name} + ": expected a number above 0, found \"" + text + "\"");
  }
  return value;
}

std::optional<ByteBuffer> own(const std::optional<Bytes>& bytes) {
  return bytes ? std::optional{ByteBuffer{*bytes}} : std::nullopt;
}

// Records go to the log at once, or wait here, in order, as long as the broker asks for patience:
// while a previous transaction is still being ended, or a fault refuses them for now.
class MemoryProducer final : public Producer {
 public:
  struct Limits {
    std::size_t queue;
    std::chrono::milliseconds transaction_timeout;
  };

  MemoryProducer(Broker& broker, ProducerOptions options, Limits limits)
      : broker_(broker), options_(std::move(options)), limits_(limits) {
    if (!transactional()) {
      Broker::Turn turn{broker_};
      identity_ = turn->transactions.new_producer();
    }
  }

  TopicHandle topic(std::string_view name, bool track_acks) override {
    const auto known = std::ranges::find(topics_, name, &RegisteredTopic::name);
    if (known != topics_.end()) {
      known->track_acks = known->track_acks || track_acks;
      return TopicHandle{static_cast<std::int32_t>(known - topics_.begin())};
    }
    topics_.push_back({.name = std::string{name}, .track_acks = track_acks});
    return TopicHandle{static_cast<std::int32_t>(topics_.size() - 1)};
  }

  Result<std::int32_t> partitions(TopicHandle topic, std::chrono::milliseconds timeout) override {
    Broker::Turn turn{broker_};
    const Topic* found = nullptr;
    turn.wait(timeout, [&] {
      found = turn->topics.find(registered(topic).name);
      return found != nullptr;
    });
    if (found == nullptr) return unknown_topic("topic \"" + registered(topic).name + "\"");
    return found->partition_count();
  }

  Status send(const OutgoingRecord& record) override {
    if (!fatal_.ok()) return fatal_;
    if (transactional() && phase_ != Phase::in_transaction) return wrong_moment("send()");
    if (waiting_.size() >= limits_.queue) {
      Broker::Turn turn{broker_};
      drain(turn);
      if (waiting_.size() >= limits_.queue) {
        return Status::retriable(ErrorCode::queue_full, "the producer's queue is full");
      }
    }
    Broker::Turn turn{broker_};
    waiting_.push_back({.topic = record.topic,
                        .partition = record.partition,
                        .entry = {.kind = LogEntry::Kind::record,
                                  .offset = {},
                                  .producer = {},
                                  .transactional = transactional(),
                                  .timestamp = record.timestamp.value_or(turn.wall()),
                                  .key = own(record.key),
                                  .value = own(record.value),
                                  .headers = *record.headers,
                                  .removable_from = {}}});
    drain(turn);
    return {};
  }

  Deliveries take_deliveries() override {
    if (!waiting_.empty()) {
      Broker::Turn turn{broker_};
      drain(turn);
    }
    Deliveries taken{.failed = std::exchange(failed_, {}), .acked = {}};
    for (const auto& [place, offset] : acked_) {
      taken.acked.push_back({.topic = place.first, .partition = place.second, .offset = offset});
    }
    acked_.clear();
    return taken;
  }

  Status flush(std::chrono::milliseconds timeout) override {
    if (waiting_.empty()) return {};
    Broker::Turn turn{broker_};
    return drain_all(turn, timeout);
  }

  Status init_transactions(std::chrono::milliseconds timeout) override {
    if (!fatal_.ok()) return fatal_;
    if (!transactional() || phase_ != Phase::made) return wrong_moment("init_transactions()");
    Broker::Turn turn{broker_};
    Status status;
    turn.wait(timeout, [&] {
      status = turn->faults.take_refusal(Call::init_transactions);
      if (status.ok()) status = init(turn);
      turn.changed();
      return !status.retriable();
    });
    if (status.ok() && turn->faults.take_dropped_answer(Call::init_transactions)) {
      return no_answer("init_transactions()");
    }
    if (status.ok()) phase_ = Phase::idle;
    return note(std::move(status));
  }

  Status begin_transaction() override {
    if (!fatal_.ok()) return fatal_;
    if (phase_ != Phase::idle) return wrong_moment("begin_transaction()");
    phase_ = Phase::in_transaction;
    return {};
  }

  Status add_offsets(std::string_view group, std::span<const CommittedOffset> offsets,
                     const MemberSnapshot& as, std::chrono::milliseconds timeout) override {
    if (!fatal_.ok()) return fatal_;
    if (phase_ != Phase::in_transaction) return wrong_moment("add_offsets()");
    if (!abort_reason_.ok()) return abort_reason_;
    const std::string name{group};
    Broker::Turn turn{broker_};
    Status status;
    turn.wait(timeout, [&] {
      status = turn->faults.take_refusal(Call::add_offsets);
      if (status.ok()) status = add_pending(turn, name, offsets, as);
      return !status.retriable();
    });
    turn.changed();
    if (status.ok() && turn->faults.take_dropped_answer(Call::add_offsets)) {
      return no_answer("add_offsets()");
    }
    return note(std::move(status));
  }

  Result<TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) override {
    if (Status status = may_end(Phase::aborting, "commit_transaction()"); !status) return status;
    Broker::Turn turn{broker_};
    if (phase_ == Phase::in_transaction) {
      if (Status status = drain_all(turn, timeout); !status) return status;
      if (!abort_reason_.ok()) return abort_reason_;
    }
    return end(turn, true, timeout);
  }

  Result<TransactionEnd> abort_transaction(std::chrono::milliseconds timeout) override {
    if (Status status = may_end(Phase::committing, "abort_transaction()"); !status) return status;
    Broker::Turn turn{broker_};
    fail_waiting(Status::permanent(ErrorCode::other, "the transaction is aborted"));
    return end(turn, false, timeout);
  }

  void purge() override { waiting_.clear(); }

 private:
  // committing, aborting: the request may have got through, its answer is missing.
  enum class Phase : std::uint8_t { made, idle, in_transaction, committing, aborting };
  using Place = std::pair<TopicHandle, PartitionId>;

  struct RegisteredTopic {
    std::string name;
    bool track_acks;
    std::int32_t next_partition = 0;  // for records without a key
  };
  struct WaitingRecord {
    TopicHandle topic;
    std::optional<PartitionId> partition;
    LogEntry entry;
  };

  [[nodiscard]] bool transactional() const noexcept { return !options_.transactional_id.empty(); }
  [[nodiscard]] const std::string& id() const noexcept { return options_.transactional_id; }

  RegisteredTopic& registered(TopicHandle handle) {
    MOLDAU_ASSERT(static_cast<std::size_t>(handle.value()) < topics_.size());
    return topics_[static_cast<std::size_t>(handle.value())];
  }

  [[nodiscard]] Status wrong_moment(const std::string& call) const {
    return Status::permanent(ErrorCode::invalid_state,
                             call + (transactional() ? " at the wrong moment of a transaction"
                                                     : " on a producer without transactions"));
  }

  // What a failure means for the calls that follow.
  Status note(Status status) {
    if (status.fatal()) {
      fatal_ = status;
      fail_waiting(status);
    } else if (status.requires_abort()) {
      abort_reason_ = status;
    }
    return status;
  }

  Status init(Broker::Turn& turn) {
    Result<ProducerIdentity> identity =
        turn->transactions.init(id(), limits_.transaction_timeout, turn.now(), turn.wall());
    if (!identity) return identity.error();
    identity_ = *identity;
    return {};
  }

  // Stops at the first record that has to wait, so that records stay in order.
  void drain(Broker::Turn& turn) {
    bool moved = false;
    while (!waiting_.empty()) {
      Status status = fatal_.ok() ? turn->faults.take_refusal(Call::produce) : fatal_;
      if (status.ok()) status = deliver(turn, waiting_.front());
      if (status.retriable()) break;
      if (!status.ok()) {
        fail(std::move(waiting_.front()), status);
        if (status.fatal()) {
          fatal_ = status;
        } else if (transactional() && abort_reason_.ok()) {
          // A transaction that a record is missing from must not be committed.
          abort_reason_ = {status.code(), std::string{status.message()},
                           Status::Kind{.requires_abort = true}};
        }
      }
      waiting_.pop_front();
      moved = true;
    }
    if (moved) turn.changed();
  }

  Status drain_all(Broker::Turn& turn, std::chrono::milliseconds timeout) {
    const bool drained = turn.wait(timeout, [&] {
      drain(turn);
      return waiting_.empty();
    });
    if (drained) return fatal_;
    return Status::retriable(ErrorCode::timed_out,
                             std::to_string(waiting_.size()) + " records are not delivered yet");
  }

  Status deliver(Broker::Turn& turn, WaitingRecord& record) {
    RegisteredTopic& topic = registered(record.topic);
    const Topic* found = turn->topics.find(topic.name);
    if (found == nullptr) return unknown_topic("topic \"" + topic.name + "\"");
    if (!record.partition) {
      const std::int32_t count = found->partition_count();
      record.partition = record.entry.key ? partition_for_key(*record.entry.key, count)
                                          : PartitionId{topic.next_partition++ % count};
    }
    const TopicPartition partition{topic.name, *record.partition};
    const Place place{record.topic, *record.partition};
    if (transactional() && !in_transaction_.contains(place)) {
      if (Status status = turn->transactions.add_partition(id(), identity_, partition, turn.now());
          !status) {
        return status;
      }
      in_transaction_.insert(place);
    }
    record.entry.producer = identity_;
    Result<Offset> offset = turn->topics.append(partition, record.entry, turn.wall());
    if (!offset) return offset.error();
    if (topic.track_acks) acked_.insert_or_assign(place, *offset);
    return {};
  }

  void fail(WaitingRecord record, const Status& status) {
    failed_.push_back({.topic = registered(record.topic).name,
                       .partition = record.partition,
                       .key = std::move(record.entry.key),
                       .value = std::move(record.entry.value),
                       .timestamp = record.entry.timestamp,
                       .headers = std::move(record.entry.headers),
                       .status = status});
  }

  void fail_waiting(const Status& status) {
    for (WaitingRecord& record : waiting_) fail(std::move(record), status);
    waiting_.clear();
  }

  Status add_pending(Broker::Turn& turn, const std::string& group,
                     std::span<const CommittedOffset> offsets, const MemberSnapshot& as) {
    if (Status status = turn->transactions.add_group(id(), identity_, group, turn.now()); !status) {
      return status;
    }
    offsets_added_ = true;
    if (Status status = turn->groups.check_transactional(group, as, offsets); !status) {
      return {status.code(), std::string{status.message()},
              Status::Kind{.requires_abort = true, .fenced = true}};
    }
    turn->groups.offsets(group).add_pending(identity_.id, offsets);
    return {};
  }

  [[nodiscard]] Status may_end(Phase other_way, const std::string& call) const {
    if (!fatal_.ok()) return fatal_;
    const bool begun = phase_ != Phase::made && phase_ != Phase::idle;
    return begun && phase_ != other_way ? Status{} : wrong_moment(call);
  }

  Result<TransactionEnd> end(Broker::Turn& turn, bool commit, std::chrono::milliseconds timeout) {
    const bool repeated = phase_ != Phase::in_transaction;
    if (in_transaction_.empty() && !offsets_added_) return ended(repeated);  // never begun there
    Status status;
    turn.wait(timeout, [&] {
      status = turn->faults.take_refusal(Call::end_transaction);
      if (status.ok()) status = turn->transactions.end(id(), identity_, commit, turn.wall());
      return !status.retriable();
    });
    turn.changed();
    if (!status.ok()) return note(std::move(status));
    if (turn->faults.take_dropped_answer(Call::end_transaction)) {
      phase_ = commit ? Phase::committing : Phase::aborting;
      return no_answer("the end of a transaction");
    }
    return ended(repeated);
  }

  TransactionEnd ended(bool repeated) {
    phase_ = Phase::idle;
    in_transaction_.clear();
    offsets_added_ = false;
    abort_reason_ = {};
    return {.clean = !repeated};
  }

  Broker& broker_;
  ProducerOptions options_;
  Limits limits_;
  std::vector<RegisteredTopic> topics_;  // by handle
  ProducerIdentity identity_;
  Phase phase_ = Phase::made;
  std::deque<WaitingRecord> waiting_;
  std::set<Place> in_transaction_;  // partitions that the open transaction knows of
  bool offsets_added_ = false;
  Status fatal_;
  Status abort_reason_;
  std::vector<FailedRecord> failed_;
  std::map<Place, Offset> acked_;  // of tracked topics, since the last take
};

}  // namespace

Result<std::unique_ptr<Producer>> make_producer(Broker& broker, ProducerOptions options) {
  const auto queue = number<std::size_t>(options.settings, queue_limit_setting,
                                         std::numeric_limits<std::size_t>::max());
  if (!queue) return queue.error();
  const auto timeout = number<std::int64_t>(options.settings, transaction_timeout_setting,
                                            std::int64_t{default_transaction_timeout.count()});
  if (!timeout) return timeout.error();
  return std::unique_ptr<Producer>{std::make_unique<MemoryProducer>(
      broker, std::move(options),
      MemoryProducer::Limits{.queue = *queue,
                             .transaction_timeout = std::chrono::milliseconds{*timeout}})};
}

}  // namespace moldau::inline v0::kafka::memory
