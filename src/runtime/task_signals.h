#pragma once

#include "moldau/base/error.h"
#include "moldau/base/status.h"

namespace moldau::inline v0::runtime {

// Unwinds from the middle of a record to the thread's loop, because the thread has to do something
// else before the record can be processed (again). Never asks a handler: no user code failed.
class TaskSignal : public Error {
 public:
  using Error::Error;
  ~TaskSignal() override;
};

// The open transaction cannot be committed: back to the last commit and again.
class TransactionLost final : public TaskSignal {
 public:
  explicit TransactionLost(Status status);
  ~TransactionLost() override;
  [[nodiscard]] const Status& status() const noexcept { return status_; }

 private:
  Status status_;
};

// The thread was asked to stop while it waited for room in the producer's queue.
class StopRequested final : public TaskSignal {
 public:
  StopRequested();
  ~StopRequested() override;
};

}  // namespace moldau::inline v0::runtime
