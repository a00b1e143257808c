#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/processor/punctuation.h"
#include "moldau/processor/semantics.h"
#include "moldau/processor/timestamp_extractor.h"
#include "moldau/record/raw_record.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/state_store.h"
#include "moldau/state/store_serdes.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
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

  // A store of this task, or a global one, which is read-only. Throws TopologyError if there is
  // none of that name.
  [[nodiscard]] virtual state::StateStore& store(std::string_view name) = 0;
  // As store(), for the processor of a user: throws TopologyError also if the store is the task's
  // but not connected to `node`.
  [[nodiscard]] virtual state::StateStore& store_of(const Node& node, std::string_view name) = 0;
  // The serdes the store was described with; nullptr if they are not known. REQUIRES: store().
  [[nodiscard]] virtual const state::StoreSerdes* store_serdes(std::string_view name) const = 0;
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

  // Calls `punctuator` again and again, from now until it is cancelled or the task ends, with
  // metadata() that of a punctuation. What it throws counts as thrown by `node`. No start: as
  // PunctuationType says. REQUIRES: an interval of 1 ms or more, a start that is not negative.
  virtual PunctuationId schedule(const Node& node, PunctuationType type,
                                 std::optional<Timestamp> start, std::chrono::milliseconds interval,
                                 Punctuator punctuator) = 0;
  // Fine for one that was cancelled before.
  virtual void cancel_punctuation(PunctuationId punctuation) = 0;
  // Asks for a commit at the next turn of the thread.
  virtual void request_commit() = 0;

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
  // How long an emit-on-close aggregation waits, by the wall clock, before it looks again for
  // windows that have closed.
  [[nodiscard]] virtual std::chrono::milliseconds final_results_interval() const = 0;
  // How long left and outer stream joins wait at least, by the wall clock, between two looks for
  // records that stay without a match.
  [[nodiscard]] virtual std::chrono::milliseconds outer_join_emit_interval() const = 0;
  // `default.timestamp.extractor`.
  [[nodiscard]] virtual TimestampPolicy default_timestamp_policy() const = 0;
  [[nodiscard]] virtual Clock& clock() const = 0;
  [[nodiscard]] virtual Logger& logger() const = 0;
  [[nodiscard]] virtual MetricRegistry& metrics() const = 0;
  // Of the thread that runs the task: a tag of its metrics.
  [[nodiscard]] virtual std::string_view thread_name() const = 0;
  // The folder of the task, which may not exist.
  [[nodiscard]] virtual std::string state_dir() const = 0;
  // The application's own settings: keys that start with `app.`, without that.
  [[nodiscard]] virtual const std::map<std::string, std::string, std::less<>>& app_configs()
      const = 0;
};

}  // namespace moldau::inline v0::processor
