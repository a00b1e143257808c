#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/ids.h"

#include "runtime/restore_report.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::runtime {

// Standbys that were given back and of which it is not known yet what has become of them: the group
// takes a standby away before it gives its task to somebody, perhaps to this instance. Tells when
// it is known. Used on the restore worker.
class SuspendedStandbys {
 public:
  struct Store {
    TopicPartition changelog;
    std::string name;
    Offset reached;
    std::optional<Offset> log_end;
  };

  // `report` outlives this.
  explicit SuspendedStandbys(const RestoreReport& report) : report_(report) {}

  void add(TaskId task, std::vector<Store> stores, Clock::Steady now);
  // This instance runs the task; another one does, or this one follows it again. Fine if it was no
  // standby before.
  void promoted(TaskId task) { tell(task, StandbySuspended::promoted); }
  void migrated(TaskId task) { tell(task, StandbySuspended::migrated); }
  // Those that have been waiting for long have migrated.
  void tell_overdue(Clock::Steady now);
  void tell_all();
  // When there is something to tell.
  [[nodiscard]] std::optional<Clock::Steady> due() const;

 private:
  struct Suspended {
    std::vector<Store> stores;
    Clock::Steady since;
  };
  void tell(TaskId task, StandbySuspended reason);

  const RestoreReport& report_;
  std::map<TaskId, Suspended> tasks_;
};

}  // namespace moldau::inline v0::runtime
