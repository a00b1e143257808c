#pragma once

#include "moldau/base/workers.h"

#include "membership/group_worker.h"

#include <memory>

namespace moldau::inline v0::membership {

// What keeps a member's worker running.
class MemberSession {
 public:
  virtual ~MemberSession() = default;
  // A member has something to send.
  virtual void wake() = 0;
};

// The running worker of one group, as long as the group has a member in this process. The
// destructor ends the worker; what it still has to send is not sent.
class GroupSession final : public MemberSession {
 public:
  GroupSession(std::unique_ptr<GroupWorker> worker, Workers& workers)
      : worker_(std::move(worker)), handle_(workers.start(*worker_, "moldau-group")) {}
  ~GroupSession() override { worker_->finish(); }
  GroupSession(const GroupSession&) = delete;
  GroupSession& operator=(const GroupSession&) = delete;

  void add(std::shared_ptr<SharedMember> member) { worker_->add(std::move(member)); }
  void wake() override { handle_->wake(); }

 private:
  const std::unique_ptr<GroupWorker> worker_;
  const std::unique_ptr<WorkerHandle> handle_;  // ends before the worker goes
};

}  // namespace moldau::inline v0::membership
