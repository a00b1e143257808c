#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/join_reach.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_bytes_store.h"

#include <optional>
#include <string>

namespace moldau::inline v0::processor {

// The records of a left or outer stream-stream join that have found no match yet and still may.
// They lie in one store for both sides, by time, then side, then key; records alike in these are a
// list. Also keeps the highest time of the two streams, which says when a record's windows have
// closed.
//
// One for the two nodes of a join in a task: owned by the node of the left side. Knows no types and
// keeps its buffers.
class MOLDAU_EXPORT UnmatchedRecords {
 public:
  // Told about records whose windows have closed without a match. The bytes are valid during the
  // call.
  class MOLDAU_EXPORT Closing {
   public:
    virtual void closed(JoinSide side, Bytes key, Timestamp at, Bytes value) = 0;

   protected:
    ~Closing();
  };

  explicit UnmatchedRecords(const JoinReach& reach) : reach_(reach) {}

  // Throws TopologyError if the task's store of that name is not a key-value store.
  void open(TaskContext& context, const std::string& store);

  // A record of either side has come.
  void advance(Timestamp at);

  // Hands over the records that have been closed, in the order of the store, and forgets them.
  // Nothing if the record of `cause`, which is of side `arriving`, has not moved the highest time,
  // or too soon after the last time.
  void release(JoinSide arriving, const RecordContext& cause, Closing& to);

  // True for a record that comes so late that it is unmatched for good if it has no match now.
  [[nodiscard]] bool is_final(JoinSide side, Timestamp at) const;

  void park(JoinSide side, Bytes key, Bytes value, const RecordContext& cause);

  // The records of that side, key and time have a match: they are unmatched no longer.
  void matched(JoinSide side, Bytes key, Timestamp at, const RecordContext& cause);

  // The store has gone back to the last commit.
  void rolled_back();

 private:
  [[nodiscard]] bool due(JoinSide arriving);
  [[nodiscard]] bool is_open(JoinSide side, Timestamp at) const;
  void set_row_key(JoinSide side, Bytes key, Timestamp at);

  JoinReach reach_;
  TaskContext* context_ = nullptr;
  state::KeyValueBytesStore* store_ = nullptr;
  Timestamp highest_ = Timestamp::unknown();
  // The time of the record that the last look ended with, lowered by those parked since; max() if
  // it found none. nullopt before the first look: what is in the store is not known.
  std::optional<Timestamp> earliest_;
  Timestamp oldest_{0};     // nothing in the store is older
  Timestamp next_look_{0};  // wall clock
  ByteBuffer row_key_;
  ByteBuffer row_;
};

// The node of a left or outer join that has what both of its nodes share.
class MOLDAU_EXPORT SharesUnmatched {
 public:
  [[nodiscard]] virtual UnmatchedRecords& unmatched() = 0;

 protected:
  ~SharesUnmatched();
};

}  // namespace moldau::inline v0::processor
