#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/status.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"
#include "moldau/record/raw_record.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// The plain values that cross the Kafka seams.
namespace moldau::inline v0::kafka {

// Committed records only, or also those of open and aborted transactions.
enum class Isolation : std::uint8_t { read_committed, read_uncommitted };

// What to do at a position the log does not hold. `error` reports a PartitionEvent and fetches
// nothing.
enum class OffsetReset : std::uint8_t { earliest, latest, error };

// A record as fetched. Owns its bytes: key(), value() and headers() stay valid while the object
// lives, also when it is moved, and after the consumer has gone on.
class FetchedRecord {
 public:
  // Frees what `owner` refers to. Called on the thread that drops the record.
  using Release = void (*)(void* owner) noexcept;

  FetchedRecord(const RawRecord& view, Headers headers, void* owner, Release release) noexcept
      : key_(view.key),
        value_(view.value),
        timestamp_(view.timestamp),
        offset_(view.offset),
        headers_(std::move(headers)),
        owner_(owner, release) {}

  [[nodiscard]] RawRecord view() const noexcept {
    return {key_, value_, timestamp_, offset_, &headers_};
  }
  [[nodiscard]] std::optional<Bytes> key() const noexcept { return key_; }
  [[nodiscard]] std::optional<Bytes> value() const noexcept { return value_; }
  [[nodiscard]] Timestamp timestamp() const noexcept { return timestamp_; }
  [[nodiscard]] Offset offset() const noexcept { return offset_; }
  [[nodiscard]] const Headers& headers() const noexcept { return headers_; }

 private:
  std::optional<Bytes> key_;
  std::optional<Bytes> value_;
  Timestamp timestamp_;
  Offset offset_;
  Headers headers_;
  std::unique_ptr<void, Release> owner_;
};

// Records of one partition, in offset order.
struct PartitionBatch {
  TopicPartition partition;
  std::vector<FetchedRecord> records;
};

// Something a partition has to say besides records.
struct PartitionEvent {
  enum class Kind : std::uint8_t {
    end_of_partition,     // `position` is the log end as this isolation sees it: markers counted
    offset_out_of_range,  // only with OffsetReset::error; nothing more is fetched there
    error,                // `status` says what; fetching goes on if it is retriable
  };
  Kind kind = Kind::end_of_partition;
  TopicPartition partition;
  Offset position;
  Status status;
};

// What one poll brought. Reused from poll to poll: poll() empties it and keeps its memory.
struct Polled {
  std::vector<PartitionBatch> batches;
  std::vector<PartitionEvent> events;
  // Problems that belong to no partition (all brokers down, authentication). Ordinary trouble is
  // retried below the seam and does not show up here.
  std::vector<Status> problems;

  [[nodiscard]] std::size_t record_count() const noexcept {
    std::size_t count = 0;
    for (const PartitionBatch& batch : batches) count += batch.records.size();
    return count;
  }
};

// Where to read from. No offset: where OffsetReset says.
struct PartitionPosition {
  TopicPartition partition;
  std::optional<Offset> offset;
  OffsetReset reset = OffsetReset::earliest;
};

// The next offset to process, with the metadata string of interop.md section 8.
struct CommittedOffset {
  TopicPartition partition;
  Offset next;
  std::string metadata;

  friend bool operator==(const CommittedOffset&, const CommittedOffset&) = default;
};

struct OffsetRange {
  Offset start;
  Offset end;
};

// A record that could not be delivered, with its own copy of the bytes for the handler.
struct FailedRecord {
  std::string topic;
  std::optional<PartitionId> partition;
  std::optional<ByteBuffer> key;
  std::optional<ByteBuffer> value;
  std::optional<Timestamp> timestamp;
  Headers headers;
  Status status;
};

struct AckedOffset {
  TopicHandle topic;
  PartitionId partition;
  Offset offset;  // the highest one acknowledged
};

// Delivery reports since the last call. `acked` speaks only of topics that were registered to be
// tracked: one entry a partition.
struct Deliveries {
  std::vector<FailedRecord> failed;
  std::vector<AckedOffset> acked;
};

// How a transaction ended. Not clean: the end was repeated or its answer was late, so a stray copy
// of the request may still be under way and could end the *next* transaction of this producer. The
// outcome stands; make a new producer before the next begin.
struct TransactionEnd {
  bool clean = true;
};

// Tasks by sub-topology and partition.
using TaskSet = std::set<TaskId>;

// What a member runs, or is to run.
struct OwnedTasks {
  TaskSet active;
  TaskSet standby;

  friend bool operator==(const OwnedTasks&, const OwnedTasks&) = default;
};

// Who commits: refused by the coordinator if it no longer holds.
struct MemberSnapshot {
  std::string member_id;
  MemberEpoch epoch;
  OwnedTasks owned;
};

using TopicConfig = std::map<std::string, std::string>;  // sorted, as the protocol wants it

// A topic that the library owns, as the group's coordinator is asked to make it.
struct InternalTopic {
  std::string name;             // full, with the application id
  std::int32_t partitions = 0;  // 0: derived by the broker. Always 0 for changelogs.
  std::int16_t replication = -1;
  TopicConfig config;

  friend bool operator==(const InternalTopic&, const InternalTopic&) = default;
};

// Topics of one sub-topology whose partition counts must agree; by full name.
struct CopartitionGroup {
  std::vector<std::string> source_topics;
  std::vector<std::string> repartition_topics;

  friend bool operator==(const CopartitionGroup&, const CopartitionGroup&) = default;
};

struct Subtopology {
  SubtopologyId id;
  std::vector<std::string> source_topics;            // without repartition topics
  std::vector<std::string> repartition_sink_topics;  // only sinks that are repartition topics
  std::vector<InternalTopic> changelog_topics;
  std::vector<InternalTopic> repartition_source_topics;
  std::vector<CopartitionGroup> copartition_groups;

  friend bool operator==(const Subtopology&, const Subtopology&) = default;
};

// What a member tells the group when it joins. Lists may be in any order: the membership puts them
// into the reference's (streams-group-protocol.md section 4).
struct Subscription {
  std::vector<Subtopology> subtopologies;
};

// What happened to a member since the last look.
struct MembershipEvent {
  enum class Kind : std::uint8_t {
    assigned,            // run `target`; answer with acknowledge()
    lost,                // the group gave the tasks away: close without a commit, acknowledge({})
    missing_topics,      // `detail` names source topics that do not exist; the member stays
    waiting,             // internal topics are being made, or the assignment is delayed
    shutdown_requested,  // a member asked every instance to stop
    fatal,               // `status` says why this member cannot go on
  };
  Kind kind = Kind::assigned;
  OwnedTasks target;
  std::string detail;
  Status status;
};

// A topic as the cluster knows it.
struct TopicDescription {
  std::string name;
  std::int32_t partitions = 0;
  std::optional<std::string> topic_id;  // nullopt where the client library cannot tell
};

struct NewTopic {
  std::string name;
  std::int32_t partitions = 1;
  std::int16_t replication = -1;
  TopicConfig config;
};

}  // namespace moldau::inline v0::kafka
