#pragma once

#include "moldau/base/workers.h"

#include "membership/group_worker.h"

#include <memory>

namespace moldau::inline v0::membership {

// The running worker of one group, as long as the group has a member in this process. The
// destructor ends the worker; what it still has to send is not sent.
class GroupSession {
 public:
  GroupSession(std::unique_ptr<GroupWorker> worker, Workers& workers)
      : worker_(std::move(worker)), handle_(workers.start(*worker_, "moldau-group")) {}
  ~GroupSession() { worker_->finish(); }
  GroupSession(const GroupSession&) = delete;
  GroupSession& operator=(const GroupSession&) = delete;

  void add(std::shared_ptr<SharedMember> member) { worker_->add(std::move(member)); }
  // A member has something to send.
  void wake() { handle_->wake(); }

 private:
  const std::unique_ptr<GroupWorker> worker_;
  const std::unique_ptr<WorkerHandle> handle_;  // ends before the worker goes
};

}  // namespace moldau::inline v0::membership
