#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/processor/semantics.h"
#include "moldau/processor/timestamp_extractor.h"
#include "moldau/record/raw_record.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/state_store.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace moldau::inline v0::processor {

class Node;

// What a node may ask of the task that runs it. Owned by the task, outlives its nodes, used on the
// task's thread.
class MOLDAU_EXPORT TaskContext {
 public:
  virtual ~TaskContext();

  [[nodiscard]] virtual TaskId task() const = 0;
  [[nodiscard]] virtual std::string_view application_id() const = 0;

  // The input record being processed. Set by the task before the record enters the graph.
  [[nodiscard]] virtual const RecordMetadata& metadata() const = 0;
  // Highest timestamp the task has taken from any of its inputs; unknown() before the first record.
  [[nodiscard]] virtual Timestamp stream_time() const = 0;

  // A store of this task. Throws TopologyError if the task has none of that name.
  [[nodiscard]] virtual state::StateStore& store(std::string_view name) = 0;
  // Another node of this task: tables that a join reads. Throws TopologyError if there is none.
  [[nodiscard]] virtual Node& node(std::string_view name) = 0;

  // A number that is committed with the offsets and comes back when the task starts elsewhere: the
  // last window close that an emit-on-close aggregation emitted, by the name of its store
  // (interop.md section 8). nullopt: none was ever committed.
  [[nodiscard]] virtual std::optional<std::int64_t> committed_number(
      std::string_view key) const = 0;
  virtual void commit_number(std::string_view key, std::int64_t value) = 0;
  // Where sinks send to.
  [[nodiscard]] virtual RecordSink& sink() = 0;
  // The full name of a topic: with the application id in front if the library owns it.
  [[nodiscard]] virtual std::string full_topic_name(std::string_view topic) const = 0;

  // Counts a record that is left out (`dropped-records-total`) and says so in the log, the first
  // time and then once in a while. `reason` completes "record dropped: ".
  virtual void drop(const Node& node, std::string_view reason) = 0;

  // Called by a node that forwards what its store's cache held back, once per entry: until the next
  // record, metadata() is that of the entry's last update.
  virtual void flushing(const RecordMetadata& metadata) = 0;

  // Called inside a catch block, for what a node threw while it processed a record: asks the
  // processing handler. Returns to go on with the next sibling; otherwise throws what ends the
  // task. What already ends the task passes through.
  virtual void failed(const Node& node, Timestamp timestamp, const Headers& headers) = 0;

  // Called inside a catch block of a sink whose serde threw: asks the production handler. As
  // failed().
  virtual void serialization_failed(const Node& node, std::string_view topic, Timestamp timestamp,
                                    const Headers& headers) = 0;

  // `semantics`.
  [[nodiscard]] virtual Semantics semantics() const = 0;
  // `default.timestamp.extractor`.
  [[nodiscard]] virtual TimestampPolicy default_timestamp_policy() const = 0;
  [[nodiscard]] virtual Clock& clock() const = 0;
  [[nodiscard]] virtual Logger& logger() const = 0;
};

}  // namespace moldau::inline v0::processor
