#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"

#include <cstdint>
#include <string_view>

namespace moldau::inline v0 {

// Told about the restoration of each store from its changelog. Called on the restore worker: return
// quickly. An exception is logged and otherwise ignored.
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
};

}  // namespace moldau::inline v0
