#pragma once

#include "moldau/base/strong_id.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"

#include <cstdint>
#include <functional>

namespace moldau::inline v0 {

// The clock that a punctuation follows.
enum class PunctuationType : std::uint8_t {
  // The highest timestamp of the task's records: advances with records only. First due as soon as
  // the task has processed one; looked at after each record.
  stream_time,
  // The machine's clock. First due one interval after schedule(); looked at once in each turn of
  // the stream thread, so never exact.
  wall_clock_time,
};

// What a punctuation calls: with the current time of its clock, not the time at which it was due.
using Punctuator = std::function<void(Timestamp now)>;

namespace processor {

class TaskContext;
// A punctuation of one task.
using PunctuationId = StrongId<std::int64_t, struct PunctuationIdTag>;

}  // namespace processor

// A scheduled punctuation. A cheap handle; copies mean the same punctuation. Used on the thread of
// its processor, and not after the processor is gone.
class MOLDAU_EXPORT Cancellable {
 public:
  // Nothing is scheduled.
  Cancellable() = default;
  Cancellable(processor::TaskContext& task, processor::PunctuationId id) noexcept
      : task_(&task), id_(id) {}

  // The punctuator is not called any more. Fine inside the punctuator, twice, and on an empty
  // handle.
  void cancel();

 private:
  processor::TaskContext* task_ = nullptr;
  processor::PunctuationId id_;
};

}  // namespace moldau::inline v0
