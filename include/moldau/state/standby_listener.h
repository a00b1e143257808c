#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace moldau::inline v0 {

// What became of a standby that is not updated any more.
enum class StandbySuspended : std::uint8_t {
  promoted,  // this instance runs the task now
  migrated,  // another one does, or nobody
};

// Told about the standby copies of stores that this instance keeps up to date for others. Called on
// the restore worker: return quickly. An exception is logged and otherwise ignored.
class MOLDAU_EXPORT StandbyUpdateListener {
 public:
  virtual ~StandbyUpdateListener();
  // `from` is the first offset to read.
  virtual void on_update_start(const TopicPartition& changelog, std::string_view store,
                               Offset from) = 0;
  // `last` is the offset of the last record that was loaded, `log_end` where the changelog ends as
  // far as is known: the difference is how far the standby is behind.
  virtual void on_batch_loaded(const TopicPartition& changelog, std::string_view store, TaskId task,
                               Offset last, std::uint64_t records,
                               std::optional<Offset> log_end) = 0;
  // `reached` is the next offset to read. The group takes a standby away before it makes the task
  // active, so the reason is known, and told, when that has happened, or after 10 seconds without
  // it.
  virtual void on_update_suspended(const TopicPartition& changelog, std::string_view store,
                                   Offset reached, std::optional<Offset> log_end,
                                   StandbySuspended reason) = 0;
};

}  // namespace moldau::inline v0
