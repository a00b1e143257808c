#include "runtime/task_signals.h"

#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

TaskSignal::~TaskSignal() = default;
TransactionLost::TransactionLost(Status status)
    : TaskSignal(std::string{status.message()}), status_(std::move(status)) {}
TransactionLost::~TransactionLost() = default;
StopRequested::StopRequested() : TaskSignal("the stream thread was asked to stop") {}
StopRequested::~StopRequested() = default;

}  // namespace moldau::inline v0::runtime
