#include "moldau/processor/source.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0::processor {

SourceSlot::~SourceSlot() = default;
SourceNodeBase::~SourceNodeBase() = default;

Timestamp apply_timestamp_policy(TimestampPolicy policy, Timestamp carried,
                                 Timestamp partition_time, const Clock& clock) {
  if (policy == TimestampPolicy::wall_clock) return clock.wall();
  if (!carried.negative()) return carried;
  switch (policy) {
    case TimestampPolicy::log_and_skip:
      return carried;
    case TimestampPolicy::use_partition_time:
      if (!partition_time.negative()) return partition_time;
      throw StreamsError("the record has a negative timestamp (" +
                         std::to_string(carried.milliseconds()) +
                         ") and the partition time is not known yet, so it cannot replace it");
    default:
      throw StreamsError("the record has a negative timestamp (" +
                         std::to_string(carried.milliseconds()) +
                         "): it was produced by an old client or with a wrong clock; use another "
                         "timestamp extractor "
                         "(log_and_skip drops such records)");
  }
}

}  // namespace moldau::inline v0::processor
