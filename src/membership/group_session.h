#pragma once

#include "moldau/base/workers.h"

#include <memory>
#include <utility>

namespace moldau::inline v0::membership {

// What keeps a member's worker running.
class MemberSession {
 public:
  virtual ~MemberSession() = default;
  // A member has something to send.
  virtual void wake() = 0;
};

// A running worker, as long as there is a member for it. The destructor ends it; what it still has
// to send is not sent.
template <class Worker>
class SessionOf final : public MemberSession {
 public:
  SessionOf(std::unique_ptr<Worker> worker, Workers& workers)
      : worker_(std::move(worker)), handle_(workers.start(*worker_, "moldau-group")) {}
  ~SessionOf() override { worker_->finish(); }
  SessionOf(const SessionOf&) = delete;
  SessionOf& operator=(const SessionOf&) = delete;

  [[nodiscard]] Worker& worker() noexcept { return *worker_; }
  void wake() override { handle_->wake(); }

 private:
  const std::unique_ptr<Worker> worker_;
  const std::unique_ptr<WorkerHandle> handle_;  // ends before the worker goes
};

}  // namespace moldau::inline v0::membership
