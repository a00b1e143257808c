#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace moldau::inline v0 {

// How far the restoration of one store has come.
struct RestoreProgress {
  Offset reached;             // the next offset to read
  Offset to;                  // the end to reach
  std::uint64_t records = 0;  // restored so far
  std::uint64_t bytes = 0;    // of their keys and values
  std::chrono::milliseconds passed{0};
  double records_per_second = 0;  // since the start
  double bytes_per_second = 0;
  // Estimated from the offsets that are passed and those that are not; nullopt while none is.
  std::optional<std::chrono::seconds> left = {};
};

// Told about the restoration of each store from its changelog. Called on the restore worker, for
// global stores on the thread that reads them, perhaps at the same time: return quickly. An
// exception is logged and otherwise ignored.
class MOLDAU_EXPORT StateRestoreListener {
 public:
  virtual ~StateRestoreListener();
  // `from` is the first offset to read, `to` the end to reach. Not called for a store that is up to
  // date.
  virtual void on_restore_start(const TopicPartition& changelog, std::string_view store,
                                Offset from, Offset to) = 0;
  virtual void on_batch_restored(const TopicPartition& changelog, std::string_view store,
                                 Offset reached, std::uint64_t records) = 0;
  virtual void on_restore_end(const TopicPartition& changelog, std::string_view store,
                              std::uint64_t total_records) = 0;
  // The task left this instance before its store was complete; what was read is kept.
  virtual void on_restore_suspended(const TopicPartition& changelog, std::string_view store,
                                    std::uint64_t total_records) = 0;
  // Every 10 seconds of a restoration that takes that long: what the log says then. Does nothing
  // unless overridden. Not called for global stores.
  virtual void on_restore_progress(const TopicPartition& changelog, std::string_view store,
                                   const RestoreProgress& progress);
};

}  // namespace moldau::inline v0
