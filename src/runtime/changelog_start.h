#pragma once

#include "moldau/base/logger.h"
#include "moldau/base/timestamp.h"
#include "moldau/kafka/values.h"

#include "runtime/stream_task.h"

#include <optional>
#include <string>

namespace moldau::inline v0::runtime {

// How a store is named in messages: task, store, changelog.
[[nodiscard]] std::string describe_store(const StreamTask& task, const StreamTask::Store& store);

// From where a store can follow its changelog, which holds `log` (its end with undecided
// transactions counted); nullopt if it has to be rebuilt. Says why if that is not ordinary. Throws
// StateStoreError if acknowledged data is gone, unless `rebuild_truncated` allows to go on without.
[[nodiscard]] std::optional<Offset> begin_of(const StreamTask& task, const StreamTask::Store& store,
                                             const kafka::OffsetRange& log, Timestamp now,
                                             bool rebuild_truncated, Logger& logger);

// Up to where a store is restored. An input topic that serves as changelog goes on beyond what the
// task has processed: the rest comes to the store when it is.
[[nodiscard]] Offset restore_target(const StreamTask& task, const StreamTask::Store& store,
                                    const kafka::OffsetRange& log);

}  // namespace moldau::inline v0::runtime
