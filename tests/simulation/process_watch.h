#pragma once

#include "moldau/base/ids.h"
#include "moldau/kafka/values.h"
#include "moldau/state/storage.h"

#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace moldau::simulation {

class Process;

// Thrown through a process that dies in the middle of what it does. What catches it on the way can
// do nothing any more: to a dead process every client is broken and every disk is away.
class Died final : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "the process has died"; }
};

// Who looks at what a process does to the outside. Any call may throw Died.
class ProcessWatch {
 public:
  // The process is at a named point (see crash_points()).
  virtual void reached(Process& process, std::string_view point) = 0;
  // A batch is on the disk.
  virtual void batch_written(Process& process, const std::string& path,
                             std::span<const state::StorageWrite> writes,
                             const state::StorageMap& rows) = 0;
  virtual void store_destroyed(Process& process, const std::string& path) = 0;
  virtual void joined(Process& process, const kafka::Subscription& subscription) = 0;
  // A consumer of the group starts to read at these offsets; who asks is `as`.
  virtual void starts_reading(Process& process, std::span<const kafka::PartitionPosition> at,
                              const kafka::MemberSnapshot& as) = 0;
  // The broker has taken these offsets: into a transaction, or for good.
  virtual void offsets_taken(Process& process, std::span<const kafka::CommittedOffset> offsets,
                             const kafka::OwnedTasks& acknowledged) = 0;
  virtual void transaction_ended(Process& process, bool committed) = 0;
  virtual void acknowledged(Process& process, const std::string& member,
                            const kafka::OwnedTasks& owned) = 0;

 protected:
  ~ProcessWatch() = default;
};

}  // namespace moldau::simulation
