#pragma once

#include "moldau/base/status.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"

#include <chrono>
#include <span>
#include <vector>

namespace moldau::inline v0::kafka {

// One member of a group as its stream thread sees it: a mailbox without I/O. Sockets and heartbeats
// live on the membership worker, so they go on while the thread commits or blocks. Used by its
// stream thread only.
//
// The rule that keeps results right is commit-before-ack: a task that is to be given away is
// committed before acknowledge(), and nothing that gives it away is sent earlier.
class MOLDAU_EXPORT GroupMembership {
 public:
  virtual ~GroupMembership();

  // Starts joining; the answer comes as an event.
  virtual Status join(const Subscription& subscription) = 0;

  // What happened since the last call. Never waits. After an `assigned` or `lost` event no further
  // one of the two comes until it has been acknowledged, but for a `lost` after an `assigned`: then
  // only that is to be acknowledged.
  virtual std::vector<MembershipEvent> poll() = 0;

  // Answer to `assigned`: the tasks to be given away are committed and closed, `owned` is what runs
  // now. Answer to `lost`: `owned` is empty.
  virtual void acknowledge(const OwnedTasks& owned) = 0;

  // Who to commit as. Published by acknowledge(), and when the epoch moves without tasks. Tasks
  // that are not in `owned` must not be committed.
  [[nodiscard]] virtual MemberSnapshot snapshot() const = 0;

  // Commits without a transaction. stale_member with fenced(): treat the tasks as lost. Retriable:
  // ask again, commits are idempotent. May block up to `timeout`.
  virtual Status commit(std::span<const CommittedOffset> offsets, const MemberSnapshot& as,
                        std::chrono::milliseconds timeout) = 0;

  // Asks every member of the group, later ones included, to stop: they get `shutdown_requested`.
  // Told with the next request or, at the latest, by leave(); the group forgets it once it is
  // empty.
  virtual void ask_for_shutdown() = 0;

  // Leaves the group; the member may join again. Waits at most `timeout` for the answer.
  virtual Status leave(std::chrono::milliseconds timeout) = 0;
};

}  // namespace moldau::inline v0::kafka
