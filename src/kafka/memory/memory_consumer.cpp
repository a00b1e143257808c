#include "kafka/memory/memory_clients.h"
#include "kafka/memory/refusals.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {

namespace {

struct RecordBytes {
  std::optional<ByteBuffer> key;
  std::optional<ByteBuffer> value;
};

std::optional<Bytes> view(const std::optional<ByteBuffer>& bytes) {
  return bytes ? std::optional{bytes->bytes()} : std::nullopt;
}

FetchedRecord copy(const LogEntry& entry) {
  auto bytes = std::make_unique<RecordBytes>(RecordBytes{.key = entry.key, .value = entry.value});
  const RawRecord record{.key = view(bytes->key),
                         .value = view(bytes->value),
                         .timestamp = entry.timestamp,
                         .offset = entry.offset};
  return {record, entry.headers, bytes.release(), [](void* owner) noexcept {
            const std::unique_ptr<RecordBytes> dropped{static_cast<RecordBytes*>(owner)};
          }};
}

// Reads the logs themselves at each poll: there is nothing in between that could be stale.
class MemoryConsumer final : public Consumer {
 public:
  MemoryConsumer(Broker& broker, ConsumerOptions options)
      : broker_(broker), options_(std::move(options)) {}

  Status assign(std::span<const PartitionPosition> partitions) override {
    std::map<TopicPartition, Reading> assigned;
    for (const PartitionPosition& asked : partitions) {
      Reading reading;
      if (const auto before = assigned_.find(asked.partition); before != assigned_.end()) {
        reading = before->second;
      }
      if (asked.offset) {
        reading = Reading{.position = asked.offset, .paused = reading.paused};
      }
      reading.reset = asked.reset;
      assigned.insert_or_assign(asked.partition, reading);
    }
    assigned_ = std::move(assigned);
    return {};
  }

  void pause(std::span<const TopicPartition> partitions) override { set_paused(partitions, true); }
  void resume(std::span<const TopicPartition> partitions) override {
    set_paused(partitions, false);
  }

  Status poll(std::chrono::milliseconds timeout, Polled& into) override {
    into.batches.clear();
    into.events.clear();
    into.problems.clear();
    forget_question();
    Broker::Turn turn{broker_};
    turn.wait(timeout, [&] {
      if (Status status = turn->faults.take_refusal(Call::fetch); !status) {
        // What may go away is retried by the next look, below the seam.
        if (!status.retriable()) into.problems.push_back(std::move(status));
      } else {
        read_all(turn, into);
      }
      return std::exchange(woken_, false) || !into.batches.empty() || !into.events.empty() ||
             !into.problems.empty();
    });
    return {};
  }

  Result<std::vector<CommittedOffset>> committed(std::span<const TopicPartition> partitions,
                                                 std::chrono::milliseconds timeout) override {
    if (options_.group_id.empty()) {
      return Status::permanent(ErrorCode::invalid_state,
                               "a consumer without a group has no committed offsets");
    }
    if (late_ && std::ranges::equal(late_->partitions, partitions)) {
      std::vector<CommittedOffset> offsets = std::move(late_->offsets);
      late_.reset();
      return offsets;
    }
    late_.reset();
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::committed_offsets); !status) return status;
    const bool stable = turn.wait(timeout, [&] {
      return options_.isolation == Isolation::read_uncommitted ||
             !turn->groups.offsets(options_.group_id).pending(partitions);
    });
    if (!stable) {
      return Status::retriable(ErrorCode::not_ready,
                               "group \"" + options_.group_id +
                                   "\": a transaction that holds offsets is not decided yet");
    }
    std::vector<CommittedOffset> offsets =
        turn->groups.offsets(options_.group_id).committed(partitions);
    if (!turn->faults.take_dropped_answer(Call::committed_offsets)) return offsets;
    late_ = {.partitions = {partitions.begin(), partitions.end()}, .offsets = std::move(offsets)};
    return Status::retriable(ErrorCode::timed_out, "no answer yet");
  }

  void forget_question() override { late_.reset(); }

  std::optional<Offset> known_end(const TopicPartition& partition) const override {
    const auto found = assigned_.find(partition);
    return found == assigned_.end() ? std::nullopt : found->second.known_end;
  }

  void wake() override { broker_.wake(woken_); }

 private:
  struct Reading {
    std::optional<Offset> position;  // nullopt: where `reset` says
    OffsetReset reset = OffsetReset::earliest;
    bool paused = false;
    bool stopped = false;  // out of range with OffsetReset::error
    bool unknown = false;  // it was said that there is no such partition
    std::optional<Offset> known_end = {};
    std::optional<Offset> end_told = {};  // the end that an event was made for
  };

  // An answer on its way: what it says was so when it was asked.
  struct LateAnswer {
    std::vector<TopicPartition> partitions;
    std::vector<CommittedOffset> offsets;
  };

  void set_paused(std::span<const TopicPartition> partitions, bool paused) {
    for (const TopicPartition& partition : partitions) {
      const auto found = assigned_.find(partition);
      if (found != assigned_.end()) found->second.paused = paused;
    }
  }

  // Begins behind the partition that was served last, so that none starves.
  void read_all(Broker::Turn& turn, Polled& into) {
    std::size_t room = std::max<std::size_t>(options_.max_poll_records, 1);
    auto next = assigned_.upper_bound(last_served_);
    for (std::size_t i = 0; i < assigned_.size() && room > 0; ++i, ++next) {
      if (next == assigned_.end()) next = assigned_.begin();
      auto& [partition, reading] = *next;
      if (reading.paused || reading.stopped) continue;
      const std::size_t before = into.batches.size();
      read(turn, partition, reading, room, into);
      if (into.batches.size() > before) {
        room -= into.batches.back().records.size();
        last_served_ = partition;
      }
    }
  }

  void read(Broker::Turn& turn, const TopicPartition& partition, Reading& reading, std::size_t room,
            Polled& into) {
    const PartitionLog* log = turn->topics.find(partition);
    if (log == nullptr) return tell_unknown(partition, reading, into);
    reading.unknown = false;
    const Offset end = log->end(options_.isolation);
    if (!reading.position || *reading.position < log->start() || *reading.position > log->end()) {
      if (!reposition(partition, reading, {log->start(), end}, into)) return;
    }
    const LogSlice slice = log->read(*reading.position, room, options_.isolation);
    if (!slice.records.empty()) {
      PartitionBatch& batch = into.batches.emplace_back();
      batch.partition = partition;
      batch.records.reserve(slice.records.size());
      for (const LogEntry* entry : slice.records) batch.records.push_back(copy(*entry));
    }
    reading.position = slice.next;
    reading.known_end = end;
    if (slice.next == end && reading.end_told != end) {
      reading.end_told = end;
      into.events.push_back({.kind = PartitionEvent::Kind::end_of_partition,
                             .partition = partition,
                             .position = end,
                             .status = {}});
    }
  }

  static bool reposition(const TopicPartition& partition, Reading& reading, OffsetRange log,
                         Polled& into) {
    switch (reading.reset) {
      case OffsetReset::earliest:
        reading.position = log.start;
        return true;
      case OffsetReset::latest:
        reading.position = log.end;
        return true;
      case OffsetReset::error:
        break;
    }
    reading.stopped = true;
    const std::string what =
        reading.position ? "offset " + std::to_string(reading.position->value()) + " is not in"
                         : std::string{"no offset was given for"};
    into.events.push_back(
        {.kind = PartitionEvent::Kind::offset_out_of_range,
         .partition = partition,
         .position = reading.position.value_or(Offset{0}),
         .status = Status::permanent(ErrorCode::offset_out_of_range,
                                     to_string(partition) + ": " + what + " the log [" +
                                         std::to_string(log.start.value()) + ", " +
                                         std::to_string(log.end.value()) + ")")});
    return false;
  }

  static void tell_unknown(const TopicPartition& partition, Reading& reading, Polled& into) {
    if (std::exchange(reading.unknown, true)) return;
    into.events.push_back(
        {.kind = PartitionEvent::Kind::error,
         .partition = partition,
         .position = {},
         .status = Status::retriable(ErrorCode::unknown_topic,
                                     "partition " + to_string(partition) + " does not exist")});
  }

  Broker& broker_;
  ConsumerOptions options_;
  std::map<TopicPartition, Reading> assigned_;
  std::optional<LateAnswer> late_;
  TopicPartition last_served_;
  bool woken_ = false;  // guarded by the broker's lock
};

}  // namespace

std::unique_ptr<Consumer> make_consumer(Broker& broker, ConsumerOptions options) {
  return std::make_unique<MemoryConsumer>(broker, std::move(options));
}

}  // namespace moldau::inline v0::kafka::memory
