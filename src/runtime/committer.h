#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/group_membership.h"
#include "moldau/kafka/values.h"

#include "runtime/stream_task.h"
#include "runtime/thread_producer.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::runtime {

// How far a commit has come.
struct CommitProgress {
  enum class Kind : std::uint8_t {
    pending,    // nothing decided: call step() again
    committed,  // done, stores included
    // Not committed, and known not to be: roll the tasks back to the last commit. The producer may
    // hold an open transaction that has to be aborted.
    refused,
    // The group knows a newer owner, or no longer this member: as refused, and the tasks are lost.
    member_lost,
    // Nobody knows whether the broker committed: a new producer settles it, then the tasks are
    // loaded again from committed offsets and changelogs.
    unknown,
  };
  Kind kind = Kind::pending;
  Status status = {};  // of the call that refused
  // The producer must be replaced before the next transaction, although the commit stands.
  bool replace_producer = false;
};

// Commits the tasks of one stream thread: what they read, what they wrote, what they remember.
// Resumable: step() does what it can within its time and goes on at the next call. One object for
// the life of a thread; begin() and step() in turns.
class Committer {
 public:
  virtual ~Committer();

  // Writes down the caches of `tasks` and notes what is to be committed. `as` is the member at this
  // moment, `now` the wall time. If no offset has moved, known ones are committed again: nothing
  // is committed without the coordinator's having looked at who does. Throws what processing
  // throws. REQUIRES: idle. The tasks must live until the commit ends.
  virtual void begin(std::span<StreamTask* const> tasks, kafka::MemberSnapshot as,
                     Timestamp now) = 0;
  // Throws TransactionLost, TaskFailed (deliveries) or StateStoreError.
  virtual CommitProgress step(std::chrono::milliseconds timeout) = 0;
  // Gives a commit up that has not been decided. False if it can no longer be given up: go on with
  // step().
  virtual bool cancel() = 0;
  [[nodiscard]] virtual bool idle() const noexcept = 0;
  // A word for messages: "flushing", "sending offsets" ...
  [[nodiscard]] virtual std::string_view doing() const noexcept = 0;
};

// reliability 1.1 rule 5: flush, stores, offsets. A crash between any two of them repeats input,
// never skips it.
[[nodiscard]] std::unique_ptr<Committer> make_at_least_once_committer(
    ThreadProducer& producer, kafka::GroupMembership& membership);

// reliability 1.1 rule 2: flush, offsets into the transaction, commit of the transaction, stores.
// Before the transaction is committed nothing of it is in a store; after it, whatever is missing in
// a store is in its changelog.
[[nodiscard]] std::unique_ptr<Committer> make_exactly_once_committer(ThreadProducer& producer,
                                                                     std::string group);

}  // namespace moldau::inline v0::runtime
