#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/admin.h"
#include "moldau/kafka/consumer.h"

#include "runtime/restoring_task.h"

#include <chrono>
#include <exception>
#include <vector>

namespace moldau::inline v0::runtime {

// What standbys need now and then beside records. Used on the restore worker.
class StandbyUpkeep {
 public:
  using Stores = std::vector<RestoringTask::Store*>;

  // `limit_interval`: how often it is asked how far inputs have been processed.
  StandbyUpkeep(const Clock& clock, std::chrono::milliseconds limit_interval);

  // A new standby wants to know its limit.
  void ask_soon() { limits_due_ = clock_.steady(); }

  // A standby of an input must not run ahead of the task, to which what it reads is news: it
  // follows the group's committed offsets. Returns true if a store may read on that might not
  // before.
  [[nodiscard]] bool raise_limits(kafka::Consumer& consumer, const Stores& standbys,
                                  std::chrono::milliseconds may_block);

  struct Failure {
    const RestoringTask::Store* store;
    std::exception_ptr error;  // what its storage threw
  };
  // A standby that nothing comes to still tells that it was up to date (reliability 1.6). Returns
  // those that could not write it down.
  [[nodiscard]] std::vector<Failure> confirm_ages(kafka::Admin& admin, const Stores& standbys,
                                                  std::chrono::milliseconds timeout);

 private:
  const Clock& clock_;
  const Clock::Steady::duration limit_interval_;
  Clock::Steady limits_due_;
  Clock::Steady ages_due_;
};

}  // namespace moldau::inline v0::runtime
